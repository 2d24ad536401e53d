"""German."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="hallo|guten tag|guten abend|guten morgen|moin|servus|grüezi|sehr geehrte|sehr geehrter|"
    "sehr geehrtes|liebe|lieber|liebes|grüß gott|werte|werter|hi zusammen|hallo zusammen",
    greeted="zusammen|alle|an|und|team|damen|herren|ihr|lieben|liebe|lieber|das|die|sehr|geehrte|geehrter",
    closings="mit freundlichen grüßen|mit freundlichen gruessen|mit freundlichem gruß|freundliche grüße|"
    "viele grüße|viele gruesse|liebe grüße|beste grüße|herzliche grüße|schöne grüße|mit besten grüßen|"
    "mit herzlichen grüßen|gruß|grüße|lg|vg|mfg|hochachtungsvoll|danke|vielen dank|danke und gruß|besten dank|"
    "danke im voraus|freundliche grüsse|mit freundlichen grüssen|viele grüsse|liebe grüsse",
    sent_from="von meinem iphone gesendet|von meinem ipad gesendet|gesendet von|von meinem mobiltelefon gesendet|"
    "diese nachricht wurde von meinem",
    wrote="schrieb|schrieben|geschrieben",
    on="am|zitat von|um",
    forward_marks="anfang der weitergeleiteten nachricht|weitergeleitete nachricht|weitergeleitete mail|"
    "weitergeleitet von",
    reply_marks="ursprüngliche nachricht|originalnachricht|original-nachricht|urspruengliche nachricht",
    label_from="von",
    label_date="gesendet|datum|gesendet am",
    label_to="an",
    label_cc="kopie|antwort an|anlagen",
    label_subject="betreff",
    months="januar|jänner|jan;februar|feb|feber;märz|maerz|mär|mrz;april|apr;mai;juni|jun;juli|jul;august|aug;"
    "september|sep|sept;oktober|okt;november|nov;dezember|dez",
    weekdays="montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag",
    today="heute|heute morgen|heute abend",
    yesterday="gestern|gestern abend",
    deadlines="bis|frist|spätestens|vor dem|nächsten|geboren|bis zum",
    in_month="im|seit|letzten|ende|anfang|mitte",
    titles="herr|herrn|frau|hr|fr|dr|prof",
    particles="von|vom|zu|zur|zum|der|den",
    no_names="der|die|das|ein|eine|einer|eines|einen|und|oder|aber|ich|du|er|sie|es|wir|ihr|mein|meine|sein|seine|"
    "seiner|ihre|ihren|unser|unsere|am|im|in|an|auf|bei|beim|vom|von|zum|zur|mit|nach|vor|seit|für|gegen|über|um|"
    "als|wenn|weil|dass|da|dann|danach|später|heute|gestern|auch|leider|bitte|hat|hatte|ist|war|wurde|hallo|"
    "herr|herrn|frau|dieser|diese|dieses|zwei|drei|mehrere|alle|jemand|niemand|montag|raum|saal|küche|vortrag|"
    "frage|fragen|straße|platz|bahnhof|deutschland|ende|anfang|mitte|abend|morgen|nachmittag|uhr|person|anfrage|"
    "meldung|vorfall|nachricht|adresse|nutzer|nutzername|veranstaltung|konferenz|was|wer|wie|wo|warum|so|dort|"
    "dabei|außerdem|zudem|daraufhin|anschließend|meines|seines|ihres|viele|beide|kurz|lieber|liebe|guten",
    roles="teilnehmer|teilnehmerin|besucher|besucherin|sprecher|sprecherin|referent|referentin|mentor|mentorin|"
    "nutzer|nutzerin|benutzer|mann|person|entwickler|entwicklerin|gast|mitglied|vortragende|vortragender|"
    "redner|trainer|trainerin|schüler|student|studentin|jemand|maintainer|autor",
    helpers="moderator|moderatorin|moderatoren|organisator|organisatorin|organisatoren|veranstalter|veranstalterin|"
    "freund|freundin|freunde|kollege|kollegin|zeuge|zeugin|zeugen|helfer|helferin|betroffene|betroffener|"
    "mann|partner|partnerin|opfer|gemeinsam|zusammen|neben|dank|awareness-team|awarenessteam",
    acts="beleidigt|beleidigte|bedroht|bedrohte|belästigt|belästigte|beschimpft|beschimpfte|angeschrien|"
    "angebrüllt|angegriffen|angefasst|angefaßt|begrapscht|berührt|gestoßen|geschubst|geschlagen|geküsst|umarmt|"
    "bedrängt|verfolgt|verfolgte|gedroht|drohte|verspottet|nachgeäfft|ausgelacht|lachte|gelacht|gebrüllt|brüllte|"
    "geschrien|schrie|unterbrochen|unterbrach|genannt|nannte|bezeichnet|bezeichnete|gepostet|postete|geschickt|"
    "schickte|gemacht|machte|gestarrt|starrte|fotografiert|gefilmt|gedemütigt|diskriminiert|herabgesetzt|gestört|"
    "verbreitet|verlangt|gemobbt|lächerlich|verhöhnt|beleidigen|belästigen|zugerufen|hinterhergerufen|gerufen|rief",
    soft_acts="gemacht|machte|geschickt|schickte|gepostet|postete|verbreitet|verlangt|genannt|nannte|bezeichnet|"
    "bezeichnete|gerufen|rief",
    harms="witz|witze|bemerkung|bemerkungen|sexistisch|sexistische|sexistischen|sexistischer|rassistisch|"
    "rassistische|rassistischen|beleidigend|beleidigende|beleidigung|beleidigungen|drohung|drohungen|bild|"
    "bilder|foto|fotos|anzüglich|anzügliche|anzüglichen|geste|gesten|abfällig|abfällige|abfälligen|lustig|"
    "schlampe|nachrichten|kommentar|kommentare",
    speech="gesagt|sagte|sagt|geschrieben|schrieb|schreibt|gefragt|fragte|geantwortet|antwortete|kommentiert|"
    "kommentierte|behauptet|behauptete|gemeint|meinte|geäußert|äußerte|erzählt|erklärt",
    auxiliaries="hat|hatte|habe|ist|war|mich|mir|uns|ihn|sie|ihr|dann|laut|öffentlich|mehrfach|wieder|auch|"
    "plötzlich|der|die|wiederholt|später|immer|ständig|vor|sich",
    passives="wurde|wurden|worden|werde",
    by="von|durch",
    about="über|gegen|betrifft|namens|die person heißt|die person ist|er heißt|sie heißt|sein name ist|"
    "ihr name ist|es handelt sich um|handelte sich um|möchte ich melden|melde ich|mit|es geht um|es war",
    writings="nachricht|nachrichten|kommentar|kommentare|kommentaren|mail|mails|e-mail|e-mails|beitrag|beiträge|"
    "witz|witze|bemerkung|bemerkungen|verhalten|beschwerde|meldung|vorfall|vorfälle|problem|probleme|ärger|"
    "beleidigung|beleidigungen|drohung|drohungen|belästigung|äußerung|äußerungen|streit|auseinandersetzung",
    accounts="nutzer|nutzername|nutzernamen|benutzer|benutzername|konto|spitzname|profil|nick|account",
    copulas="ist|war|lautet|heißt|als",
    mine="mein|meine|meiner|meinem|mich|mir|uns|unsere|unser|ich",
    witnessed="zeuge|zeugin|gesehen|sah|mitbekommen|geholfen|half|beobachtet|bestätigt|bestätigen|ermahnt|"
    "eingegriffen|eingeschritten",
    self="mein name ist|ich heiße|ich bin|hier ist|hier schreibt",
    absence="abwesenheitsnotiz|abwesenheit|automatische antwort|abwesend|nicht im büro|abwesenheitsassistent|"
    "automatische abwesenheitsnotiz|urlaub",
    places_before="in|im|beim|bei|am|vom|an der|in der|aus",
    venues="raum|saal|hörsaal|küche|flur|foyer|bar|halle|aufzug|treppe|treppenhaus|kantine|bühne|eingang|"
    "garderobe|toilette|hotel|restaurant|kneipe|mailingliste|seminarraum",
    no_places="allgemeinen|folgenden|übrigen|grunde|prinzip|moment|namen|deutsch|englisch|ton|nachhinein|anhang|zukunft|ruhe|panik|ordnung|bezug|kontakt|erinnerung|"
    "verbindung|kürze|person|folge|gedanken|absprache|frage|fragen|pause|"
    "vortrag|voraus|büro|anschluss|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag",
    officials="veranstalter|veranstalterin|organisator|organisatorin|orga-team|orgateam|organisationsteam",
    official_phrases="ich bin veranstalter|wir als veranstalter|als veranstalter|ich organisiere|wir organisieren|"
    "ich bin organisator|im namen des orga|im namen der veranstalter|als organisator|für das orga",
    local_people="moderator|moderatorin|moderatoren|veranstalter|veranstalterin|organisator|organisatorin|organisatoren|"
    "orga|team|personal|sicherheitsdienst|helfer|helferin|awareness-team",
    local_acts="ermahnt|verwarnt|gebeten|rausgeworfen|ausgeschlossen|verwiesen|eingegriffen|gesprochen|"
    "aufgefordert|entfernt|gelöscht|gesperrt|zurechtgewiesen|eingeschritten|hinausgeworfen",
    settled="für uns ist das erledigt|ist damit erledigt|haben wir geklärt|wir haben ihn|wir haben sie gebeten|"
    "ich habe mit ihm gesprochen|ich habe mit ihr gesprochen|wir haben mit ihm|wir haben mit ihr",
    negations="nicht|nie|niemand|kein|keine|keiner|ohne|weder",
    form_subject="um wen geht es|wer ist betroffen von der meldung|gemeldete person|beschuldigte person",
    form_name="ihr name|dein name|name der meldenden person",
    form_email="ihre e-mail|deine e-mail|ihre e-mail-adresse|deine e-mail-adresse|e-mail-adresse",
    form_date="wann|datum|zeitpunkt|wann ist es passiert",
    form_place="wo|ort|veranstaltung|wo ist es passiert",
    form_other="was ist passiert|beschreibung|zeugen|anonym|telefon",
)
