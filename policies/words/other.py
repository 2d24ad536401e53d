"""What mail programs print in further languages: Nordic and Slavic ones, Chinese, Korean, Turkish, Greek and more.

Only the layout of mail is known for these; nothing is read out of their sentences.
"""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="hej|hei|kära|kære|kjære|cześć|dzień dobry|szanowni państwo|здравствуйте|привет|добрый день|уважаемые|"
    "你好|您好|안녕하세요",
    closings="med vänliga hälsningar|vänliga hälsningar|mvh|hälsningar|med venlig hilsen|venlig hilsen|vennlig hilsen|"
    "hilsen|pozdrawiam|z poważaniem|с уважением|此致|敬礼|감사합니다",
    sent_from="skickat från min|sendt fra min|wysłane z|отправлено с|отправлено из|发自我的|나의 iphone에서 보냄",
    wrote="skrev|napisał|napisała|napisał(a)|pisze|napsal|napsala|napsal(a)|пишет|написал|написала|пише|写道|寫道|"
    "님이 작성|kirjoitti|yazdı|ezt írta|a scris|έγραψε|va escriure|"
    "napísal|napisao|napisal|napisala|missatge de|написа|rašė|rakstīja|kirjutas|đã viết|menulis|เขียนว่า|كتب|نوشت",
    on="den|dnia|w dniu|在|于",
    forward_marks="vidarebefordrat meddelande|videresendt meddelelse|videresendt melding|przekazana wiadomość|"
    "пересылаемое сообщение|转发的邮件|转发邮件|轉寄郵件|전달된 메시지|"
    "přeposlaná zpráva|preposlaná správa|továbbított üzenet|välitetty viesti|yönlendirilmiş ileti|"
    "переслане повідомлення|προωθημένο μήνυμα|mesaj redirecționat",
    reply_marks="ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|oryginalna wiadomość|"
    "исходное сообщение|原始邮件|原始郵件|원본 메시지|"
    "původní zpráva|pôvodná správa|eredeti üzenet|alkuperäinen viesti|özgün ileti|orijinal ileti|"
    "оригінальне повідомлення|αρχικό μήνυμα|mesajul original|mesaj original",
    label_from="från|fra|od|от|кому от|发件人|寄件者|보낸 사람|kimden|gönderen|feladó|lähettäjä|από|de la|від|מאת|من",
    label_date="skickat|sendt|dato|datum|wysłano|data|дата|отправлено|发送时间|日期|寄件日期|보낸 날짜|날짜|"
    "odesláno|odoslané|poslano|gönderildi|gönderme tarihi|tarih|elküldve|küldve|dátum|lähetetty|päivämäärä|στάλθηκε|"
    "ημερομηνία|trimis|надіслано|изпратено|נשלח|תאריך|تم الإرسال|التاريخ",
    label_to="till|til|do|кому|收件人|收件者|받는 사람|komu|prima|kime|címzett|vastaanottaja|προς|către|до|אל|إلى",
    label_cc="kopia|kopi|dw|копия|抄送|副本|참조|kopie|kópia|bilgi|másolatot kap|kopio|κοιν.|копія|копие|עותק|نسخة",
    label_subject="ämne|emne|temat|тема|主题|主題|主旨|제목|předmět|predmet|"
    "konu|tárgy|aihe|θέμα|subiect|относно|נושא|الموضوع",
    absence="autosvar|automatiskt svar|automatisk svar|frånvaro|fraværsmeddelelse|automatyczna odpowiedź|автоответ|"
    "автоматический ответ|自动回复|自動回覆|자동 회신|부재중",
)
