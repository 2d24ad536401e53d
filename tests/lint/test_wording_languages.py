"""The wording rules of the languages beside English, German and French: what fires, and what stays unremarked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lint.letters import DECIDED, letter, rules, wording

BANNED: dict[str, Any] = {**DECIDED, "status": "banned"}
LANGUAGES = ("es", "it", "nl", "pt", "ja")

# Rule and audience; for each language a sentence that fires and one that does not.
SAID: dict[tuple[str, str], dict[str, tuple[str, str]]] = {
    ("word-attribution", "subject"): {
        "es": ("Usted pensaba que nadie miraba.", "Usted escribió que se sentía cansado; díganos qué piensa usted."),
        "it": ("Lei voleva spaventare la relatrice.", "Se lei pensa che manchi qualcosa, ci scriva."),
        "nl": ("U wilde de spreker bang maken.", "Als u nog iets wilt toevoegen, schrijf ons."),
        "pt": ("Você queria assustar a oradora.", "Se você acha que falta algo, escreva-nos."),
        "ja": ("あなたは誰も見ていないと思っていました。", "ほかに思い出されたことがあれば、お書きください。"),
    },
    ("word-judgement", "subject"): {
        "es": ("Fue un comentario asqueroso.", "Fue un comentario inapropiado, y usted lo llamó «ridículo»."),
        "it": ("È stata una battuta disgustosa.", "È stato un commento inappropriato, da lei detto «stupido»."),
        "nl": ("Dat was een walgelijke opmerking.", "U noemde de lezing “belachelijk”; dat is een ernstige zaak."),
        "pt": ("Foi um comentário nojento.", "Foi um comentário inadequado, que chamou de «ridículo»."),
        "ja": ("卑劣な発言でした。", "不適切な発言でした。ご自身は「くだらない」と書かれています。"),
    },
    ("word-label", "reporter"): {
        "es": ("El acosador ya no está.", "El servicio de atención a las víctimas contesta de noche."),
        "it": ("Il molestatore è partito.", "Lo sportello di sostegno alle vittime risponde di notte."),
        "nl": ("De dader is vertrokken.", "Slachtofferhulp is ’s nachts bereikbaar."),
        "pt": ("O assediador foi embora.", "A linha de apoio à vítima atende à noite."),
        "ja": ("加害者はもう帰りました。", "被害者支援センターは夜も電話に出ます。"),
    },
    ("word-absolute", "subject"): {
        "es": ("Usted siempre interrumpe.", "Siempre puede escribirnos, como siempre."),
        "it": ("Lei interrompe sempre gli altri.", "Può sempre scriverci; è sempre benvenuto."),
        "nl": ("U onderbreekt anderen altijd.", "U kunt ons altijd schrijven; u bent altijd welkom."),
        "pt": ("Você sempre interrompe os outros.", "Pode sempre escrever-nos."),
        "ja": ("あなたはいつも話をさえぎります。", "いつもありがとうございます。いつでもご連絡ください。"),
    },
    ("word-faux-feeling", "subject"): {
        "es": ("Nos sentimos traicionados.", "Usted escribió que se sintió ignorado."),
        "it": ("Ci sentiamo traditi.", "Ha scritto che si è sentito ignorato."),
        "nl": ("Wij voelen ons verraden.", "U schreef dat u zich genegeerd voelde."),
        "pt": ("Sentimo-nos traídos.", "Escreveu que se sentiu ignorado."),
        "ja": ("私たちは裏切られたと感じています。", "無視されたと感じたと書かれています。"),
    },
    ("word-minimise", "reporter"): {
        "es": ("Solo fue una broma.", "En la comida se contó una broma."),
        "it": ("Era solo uno scherzo.", "A pranzo qualcuno ha raccontato uno scherzo."),
        "nl": ("Het was maar een grapje.", "Aan tafel werd een grap verteld."),
        "pt": ("Foi só uma brincadeira.", "Ao almoço contou-se uma piada."),
        "ja": ("単なる冗談でした。", "昼食のときに冗談が話題になりました。"),
    },
    ("organiser-direction", "organiser"): {
        "es": ("Deben excluir a esta persona.", "Si deciden excluir a alguien, avísennos."),
        "it": ("Dovete escludere questa persona.", "Se decidete di escludere qualcuno, scriveteci."),
        "nl": ("Jullie moeten deze persoon uitsluiten.", "Als jullie besluiten iemand te weren, laat het ons weten."),
        "pt": ("Devem excluir esta pessoa.", "Se decidirem excluir alguém, avisem-nos."),
        "ja": ("この参加者を招待しないでください。", "このメールを転送しないでください。"),
    },
    ("organiser-choice", "organiser"): {
        "es": ("Esta persona fue objeto de 4 avisos.", "Esta persona fue objeto de 4 avisos. La decisión es suya."),
        "it": ("Questa persona è stata segnalata.", "Questa persona è stata segnalata. Spetta a voi decidere."),
        "nl": ("Over deze persoon is gemeld.", "Over deze persoon is gemeld. Het is jullie beslissing."),
        "pt": ("Esta pessoa foi objeto de 4 relatos.", "Esta pessoa foi objeto de 4 relatos. A decisão é vossa."),
        "ja": ("この参加者について報告があります。", "この参加者について報告があります。判断は皆様にお任せします。"),
    },
    ("voice-channel", "organiser"): {
        "es": (
            "¿Podemos hablarlo por Zoom?",
            "No hablamos de esto por teléfono; la convocatoria de ponencias está abierta.",
        ),
        "it": ("Possiamo parlarne al telefono?", "Il numero di telefono dell’albergo è sulla pagina."),
        "nl": ("Kunnen we dit telefonisch bespreken?", "Het telefoonnummer van het hotel staat op de pagina."),
        "pt": ("Podemos falar disto por telefone?", "O número de telefone do hotel está na página."),
        "ja": ("Zoomでお話しできますか。", "ホテルの電話番号はページにあります。電話ではお話ししません。"),
    },
    ("direct-contact", "subject"): {
        "es": ("Hable con ella directamente.", "No escriba a esa persona directamente; escríbanos."),
        "it": ("Si scusi personalmente con lei.", "Non contatti direttamente quella persona; scriva a noi."),
        "nl": ("Neem rechtstreeks contact op met haar.", "Neem geen contact op met haar; schrijf ons."),
        "pt": ("Fale diretamente com ela.", "Não contacte essa pessoa diretamente; escreva-nos."),
        "ja": ("ご本人に直接謝罪してください。", "ご本人に直接連絡しないでください。"),
    },
    ("legal-threat", "subject"): {
        "es": ("Nuestros abogados le escribirán.", "Puede pedir asesoramiento legal; no somos abogados."),
        "it": ("I nostri avvocati le scriveranno.", "Può chiedere una consulenza legale; non siamo avvocati."),
        "nl": ("Onze advocaat neemt juridische stappen.", "U kunt juridisch advies vragen; wij zijn geen juristen."),
        "pt": ("Os nossos advogados vão escrever-lhe.", "Pode pedir aconselhamento jurídico."),
        "ja": ("法的措置をとります。", "弁護士に相談することもできます。"),
    },
    ("outcome-promise", "reporter"): {
        "es": ("Le prometemos que será expulsado.", "Prometemos leer cada palabra."),
        "it": ("Le garantiamo che sarà escluso.", "Le promettiamo di leggere ogni parola."),
        "nl": ("We beloven dat hij wordt geschorst.", "We beloven alles te lezen en te antwoorden."),
        "pt": ("Garantimos que será expulso.", "Prometemos ler cada palavra."),
        "ja": ("必ず除名処分になります。", "すべてに目を通し、必ずご返信することをお約束します。"),
    },
    ("right-of-reply", "subject"): {
        "es": ("Hemos decidido excluirle.", "Antes de tomar una decisión queremos conocer su versión."),
        "it": ("Abbiamo deciso di escluderla.", "Prima di decidere vorremmo leggere la sua versione."),
        "nl": (
            "Wij hebben besloten u uit te sluiten.",
            "Voordat wij beslissen, horen wij graag uw kant van het verhaal.",
        ),
        "pt": ("Decidimos excluí-lo do evento.", "Antes de decidirmos, gostaríamos de ler a sua versão."),
        "ja": ("委員会は参加をお断りすることを決定しました。", "決定の前に、お考えをお聞かせください。"),
    },
    ("reporter-singled-out", "subject"): {
        "es": ("Una voluntaria nos contó lo ocurrido.", "Hemos recibido avisos de varias personas."),
        "it": ("Una volontaria ci ha scritto.", "Abbiamo ricevuto delle segnalazioni."),
        "nl": ("Een vrijwilligster heeft ons geschreven.", "Wij hebben meldingen ontvangen."),
        "pt": ("Uma voluntária escreveu-nos.", "Recebemos relatos de várias pessoas."),
        "ja": ("女性の参加者から報告がありました。", "複数の報告を受けています。"),
    },
    ("reporter-gendered", "subject"): {
        "es": ("Alguien nos contó que ella se fue.", "La persona que informó se fue; ella misma lo dijo."),
        "it": ("La persona che ha segnalato dice che lui è uscito.", "La persona che ha segnalato è uscita."),
        "nl": ("De melder zei dat hij wegging.", "De melder ging weg."),
        "pt": ("A pessoa que denunciou disse que ele saiu.", "A pessoa que denunciou saiu; ela o disse."),
        "ja": ("通報者は、彼女が席を立ったと述べています。", "通報者は席を立ったと述べています。"),
    },
    ("no-observable-fact", "subject"): {
        "es": ("Hemos recibido quejas sobre su comportamiento.", "El 3 de enero usted interrumpió a la ponente."),
        "it": ("Abbiamo ricevuto segnalazioni sul suo comportamento.", "Il 3 gennaio lei ha interrotto la relatrice."),
        "nl": ("Wij hebben klachten over uw gedrag ontvangen.", "Op 3 januari heeft u de spreker onderbroken."),
        "pt": ("Recebemos queixas sobre o seu comportamento.", "Em 3 de janeiro você interrompeu a oradora."),
        "ja": ("あなたの発言について報告がありました。", "1月3日のあなたの発言について報告がありました。"),
    },
}
SENTENCES = [
    (rule, audience, language, sentence, number == 0)
    for (rule, audience), said in SAID.items()
    for language, both in said.items()
    for number, sentence in enumerate(both)
]


@pytest.mark.parametrize(("rule", "audience", "language", "sentence", "fires"), SENTENCES)
def test_what_fires_and_what_does_not(rule: str, audience: str, language: str, sentence: str, fires: bool) -> None:
    assert language in LANGUAGES
    case: dict[str, Any] = BANNED if rule.startswith("organiser") else {}
    assert (rule in rules(letter(audience, sentence), **case)) is fires


def test_every_language_has_every_rule() -> None:
    every = {entry.id for entry in wording()}
    assert {rule for rule, _ in SAID} == every
    assert all(said.keys() == set(LANGUAGES) for said in SAID.values())


def test_a_sentence_broken_by_a_mail_program() -> None:
    assert "word-judgement" in rules(letter("subject", "それはとても卑\n劣な発言でした。"))
