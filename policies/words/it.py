"""Italian."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="ciao|buongiorno|buonasera|gentile|gentili|caro|cara|cari|care|salve|egregio|egregi|spettabile",
    greeted="a|tutti|tutte|e|team|comitato|signori|signore|signora|il|la|membri|del",
    closings="cordiali saluti|distinti saluti|saluti|un saluto|grazie|grazie mille|a presto|un abbraccio|"
    "cordialmente|tanti saluti|in fede",
    sent_from="inviato da|inviato dal mio|scarica outlook|ottieni outlook",
    wrote="ha scritto|scrisse|scrive",
    on="il|in data",
    forward_marks="inizio messaggio inoltrato|messaggio inoltrato|inizio del messaggio inoltrato",
    reply_marks="messaggio originale",
    label_from="da|mittente",
    label_date="data|inviato|inviato il",
    label_to="a|destinatario",
    label_cc="rispondi a",
    label_subject="oggetto",
    months="gennaio|gen;febbraio|feb;marzo|mar;aprile|apr;maggio|mag;giugno|giu;luglio|lug;agosto|ago;settembre|set;"
    "ottobre|ott;novembre|nov;dicembre|dic",
    weekdays="lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
    today="oggi|stamattina|stasera",
    yesterday="ieri|ieri sera",
    deadlines="entro|prima|fino|scadenza|prossimo",
    in_month="a|in|da",
    titles="sig|signor|signora|signore|dott|dottor|dottoressa|prof",
    particles="di|del|della|de|da|lo|la",
    no_names="il|lo|la|i|gli|le|un|uno|una|e|o|ma|io|tu|lui|lei|noi|voi|loro|mio|mia|suo|sua|nostro|questo|questa|"
    "in|a|al|alla|di|del|da|dal|per|con|su|contro|quando|dopo|poi|prima|durante|oggi|ieri|anche|come|se|che|chi|"
    "è|era|ha|aveva|due|tre|ciao|grazie|sala|via|piazza|hotel|codice|condotta|signor|signora|mi|si|purtroppo",
    roles="partecipante|relatore|relatrice|mentore|utente|persona|uomo|donna|visitatore|studente|studentessa|"
    "sviluppatore|sviluppatrice|membro|ospite",
    helpers="moderatore|moderatrice|organizzatore|organizzatrice|organizzatori|amico|amica|amici|collega|colleghi|"
    "testimone|testimoni|volontario|volontaria|vittima|marito|moglie|insieme|grazie",
    acts="insultato|insultava|minacciato|minacciava|molestato|molestava|aggredito|attaccato|toccato|spinto|"
    "colpito|baciato|afferrato|urlato|urlava|gridato|chiamato|deriso|preso|ridicolizzato|umiliato|interrotto|"
    "seguito|inviato|mandato|pubblicato|condiviso|fotografato|filmato|fatto|riso|offeso|diffuso|continuato",
    soft_acts="inviato|mandato|pubblicato|condiviso|fatto|preso|diffuso|chiamato|continuato",
    harms="battuta|battute|sessista|sessiste|razzista|commento|commenti|insulti|insulto|minaccia|minacce|foto|"
    "gesto|gesti|offensivo|offensivi|messaggi|giro",
    speech="detto|diceva|scritto|risposto|chiesto|commentato|affermato|scherzato",
    auxiliaries="ha|mi|lo|la|gli|le|ci|si|è|aveva|poi|anche|che|pubblicamente|più|volte|sempre|non",
    passives="stato|stata|stati|venne|viene",
    by="da|dal|dalla",
    about="contro|chiamato|chiamata|si chiama|si tratta di|segnalare|la persona è|il suo nome è|riguarda|con",
    writings="messaggio|messaggi|commento|commenti|mail|email|battuta|battute|comportamento|lamentela|"
    "segnalazione|incidente|problema|problemi|insulti|minacce",
    accounts="utente|nickname|profilo|account|soprannome",
    copulas="è|era|come",
    mine="mio|mia|miei|mie|nostro|nostra|io|scrivermi|contattarmi",
    witnessed="testimone|visto|assistito|aiutato|sentito|intervenuto|intervenuta|confermato",
    self="mi chiamo|il mio nome è|sono",
    absence="risposta automatica|fuori sede|fuori ufficio|assenza dall'ufficio|assenza dall’ufficio|assenza",
    places_before="a|in|al|alla|presso|nella|nel",
    venues="sala|cucina|aula|auditorium|corridoio|ascensore|bar|ristorante|albergo|atrio|palco|bagno|terrazza",
    no_places="generale|particolare|italiano|inglese|privato|pubblico|proposito",
    officials="organizzatore|organizzatrice|team organizzativo|co-organizzatore",
    official_phrases="sono un organizzatore|sono organizzatore|sono organizzatrice|organizzo|organizziamo|"
    "come organizzatori|come organizzatore|a nome degli organizzatori",
    local_people="moderatore|moderatrice|moderatori|organizzatore|organizzatrice|organizzatori|staff|volontario|"
    "sicurezza",
    local_acts="ammonito|avvertito|richiamato|espulso|allontanato|chiesto|parlato|intervenuto|intervenuti|rimosso",
    settled="per noi è chiuso|è già stato risolto|abbiamo parlato con|ho parlato con lui|ho parlato con lei",
    negations="non|mai|nessuno|nessun|nessuna|senza|niente",
    form_subject="chi è coinvolto|persona segnalata|di chi si tratta",
    form_name="il tuo nome|il suo nome|nome",
    form_email="la tua e-mail|la tua email|indirizzo e-mail",
    form_date="quando|data|data dell'incidente",
    form_place="dove|luogo|evento",
    form_other="cosa è successo|descrizione|testimoni|anonimo",
)
