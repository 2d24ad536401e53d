"""Dutch."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="hallo|hoi|beste|geachte|goedemorgen|goedemiddag|goedenavond|goedendag|dag|lieve",
    greeted="allemaal|allen|team|commissie|en|heer|mevrouw|leden|mensen|van|de",
    closings="met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|vriendelijke groeten|groeten|"
    "groet|groetjes|mvg|hartelijke groet|hartelijke groeten|bedankt|dank je wel|alvast bedankt|dank u wel|"
    "hoogachtend|met hartelijke groet",
    sent_from="verstuurd vanaf mijn|verzonden vanaf mijn|verstuurd met|outlook voor",
    wrote="schreef|geschreven",
    on="op",
    forward_marks="begin doorgestuurd bericht|doorgestuurd bericht",
    reply_marks="oorspronkelijk bericht",
    label_from="van|afzender",
    label_date="datum|verzonden|verstuurd",
    label_to="aan",
    label_cc="antwoord aan",
    label_subject="onderwerp",
    months="januari|jan;februari|feb;maart|mrt;april|apr;mei;juni|jun;juli|jul;augustus|aug;september|sep|sept;"
    "oktober|okt;november|nov;december|dec",
    weekdays="maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
    today="vandaag|vanochtend|vanmorgen|vanavond",
    yesterday="gisteren|gisteravond",
    deadlines="voor|tot|uiterlijk|deadline|volgende",
    in_month="in|sinds|eind|begin|half",
    titles="dhr|mevr|mw|meneer|mevrouw|heer",
    particles="van|de|den|der|ter|ten|het",
    no_names="de|het|een|en|of|maar|ik|jij|hij|zij|ze|wij|we|jullie|mijn|zijn|haar|onze|ons|deze|dit|dat|in|op|bij|"
    "van|met|na|voor|sinds|over|tegen|toen|daarna|later|vandaag|gisteren|ook|als|omdat|is|was|heeft|had|werd|"
    "twee|drie|hallo|beste|zaal|straat|plein|helaas|er|daar|hier|wat|wie|iemand|niemand",
    roles="deelnemer|deelneemster|bezoeker|bezoekster|spreker|spreekster|mentor|gebruiker|persoon|man|vrouw|"
    "ontwikkelaar|student|lid|gast",
    helpers="moderator|moderatoren|organisator|organisatoren|vriend|vriendin|vrienden|collega|collega's|getuige|"
    "getuigen|vrijwilliger|slachtoffer|samen|dankzij",
    acts="beledigd|beledigde|bedreigd|bedreigde|lastiggevallen|aangevallen|aangeraakt|geduwd|geslagen|gekust|"
    "vastgepakt|geschreeuwd|schreeuwde|uitgescholden|schold|noemde|genoemd|uitgelachen|lachte|vernederd|"
    "onderbroken|onderbrak|gevolgd|volgde|gestuurd|stuurde|geplaatst|plaatste|gemaakt|maakte|gefilmd|"
    "gefotografeerd|verspreid|gepest|pestte|nagedaan|geroepen|riep|dreigde",
    soft_acts="gestuurd|stuurde|geplaatst|plaatste|gemaakt|maakte|verspreid|noemde|genoemd|geroepen|riep",
    harms="grap|grappen|opmerking|opmerkingen|seksistische|racistische|belediging|beledigingen|bedreiging|foto|"
    "foto's|gebaar|gebaren|berichten",
    speech="gezegd|zei|zegt|geschreven|schreef|gevraagd|vroeg|geantwoord|antwoordde|beweerde",
    auxiliaries="heeft|had|is|was|mij|me|ons|hem|haar|toen|ook|weer|die|herhaaldelijk|luid|steeds",
    passives="werd|werden|geworden|wordt",
    by="door|van",
    about="over|tegen|genaamd|heet|de persoon is|zijn naam is|haar naam is|het gaat om|betreft|met",
    writings="bericht|berichten|opmerking|opmerkingen|mail|mails|e-mail|reactie|reacties|grap|grappen|gedrag|klacht|"
    "melding|incident|probleem|problemen|beledigingen|bedreigingen",
    accounts="gebruiker|gebruikersnaam|bijnaam|account|profiel",
    copulas="is|was|als",
    mine="mijn|mij|me|ons|onze|ik",
    witnessed="getuige|gezien|zag|geholpen|hielp|gehoord|ingegrepen|bevestigd",
    self="mijn naam is|ik heet|ik ben",
    absence="automatisch antwoord|afwezigheidsbericht|afwezig|niet aanwezig",
    places_before="in|op|bij|te",
    venues="zaal|keuken|gang|lift|bar|kantine|hal|lokaal|restaurant|hotel|podium|toilet|terras",
    no_places="het|algemeen|bijzonder|nederlands|engels|orde|verband",
    officials="organisator|organisatrice|organisatieteam|medeorganisator",
    official_phrases="ik ben organisator|wij organiseren|als organisator|namens de organisatie|ik organiseer|"
    "ik ben een van de organisatoren",
    local_people="moderator|moderatoren|organisator|organisatoren|organisatie|vrijwilliger|beveiliging|team",
    local_acts="gewaarschuwd|waarschuwde|verwijderd|weggestuurd|gevraagd|aangesproken|ingegrepen|gesproken",
    settled="voor ons is dit afgesloten|is al opgelost|we hebben met hem|we hebben met haar|ik heb met hem|"
    "ik heb met haar",
    negations="niet|nooit|niemand|geen|zonder",
    form_subject="over wie gaat het|gemelde persoon",
    form_name="uw naam|jouw naam|je naam|naam",
    form_email="uw e-mail|je e-mail|uw e-mailadres|je e-mailadres|e-mailadres",
    form_date="wanneer|datum",
    form_place="waar|locatie|plaats|evenement",
    form_other="wat is er gebeurd|omschrijving|getuigen|anoniem",
)
