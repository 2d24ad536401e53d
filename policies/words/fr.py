"""French."""

from __future__ import annotations

from policies.words.language import Language

WORDS = Language(
    greetings="bonjour|bonsoir|salut|cher|chère|chers|chères|madame|monsieur|mesdames|messieurs|coucou",
    greeted="à|tous|toutes|et|toute|l'équipe|l’équipe|équipe|comité|le|la|les|messieurs|madame|monsieur|membres|du",
    closings="cordialement|bien cordialement|bien à vous|bien à toi|amicalement|sincèrement|merci|"
    "merci d'avance|merci d’avance|merci beaucoup|salutations|meilleures salutations|sincères salutations|"
    "respectueusement|à bientôt|bonne journée|bonne soirée|cdlt|bises|très cordialement",
    sent_from="envoyé de mon|envoyé depuis mon|envoyé depuis|télécharger outlook|obtenir outlook|envoyé à partir de",
    wrote="a écrit|écrivait|a ecrit",
    on="le",
    forward_marks="début du message transféré|message transféré|début du message réexpédié|message réexpédié",
    reply_marks="mail original|message d'origine|message d’origine|message original|message initial",
    label_from="de|expéditeur",
    label_date="date|envoyé|envoyé le|date d'envoi",
    label_to="à|pour|destinataire",
    label_cc="copie à|répondre à",
    label_subject="objet|sujet",
    months="janvier|janv;février|fevrier|févr|fév;mars;avril|avr;mai;juin;juillet|juil;août|aout;septembre|sept;"
    "octobre|oct;novembre|nov;décembre|decembre|déc",
    weekdays="lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
    today="aujourd'hui|aujourd’hui|ce matin|ce soir",
    yesterday="hier|hier soir",
    deadlines="avant|d'ici|d’ici|jusqu'au|jusqu’au|échéance|prochain",
    in_month="en|depuis|début|fin|mi",
    titles="m|mme|mlle|monsieur|madame|dr|pr",
    particles="de|du|des|le|la|d",
    no_names="le|la|les|un|une|des|du|de|et|ou|mais|je|tu|il|elle|on|nous|vous|ils|elles|mon|ma|mes|son|sa|ses|"
    "notre|nos|votre|vos|leur|leurs|ce|cet|cette|ces|à|au|aux|en|dans|par|pour|avec|sur|chez|après|avant|pendant|"
    "depuis|quand|lors|puis|ensuite|hier|aujourd|aussi|comme|si|que|qui|est|a|était|deux|trois|plusieurs|bonjour|"
    "merci|monsieur|madame|mme|salle|rue|place|gare|hôtel|l’un|l'un|plus|tout|tous|code|conduite|atelier",
    roles="participant|participante|mentor|mentors|mentore|intervenant|intervenante|orateur|oratrice|utilisateur|"
    "utilisatrice|personne|homme|femme|visiteur|développeur|formateur|formatrice|étudiant|membre|invité|"
    "conférencier|conférencière",
    helpers="modérateur|modératrice|organisateur|organisatrice|organisateurs|ami|amie|amis|collègue|collègues|"
    "témoin|témoins|bénévole|bénévoles|victime|mari|compagnon|compagne|avec|grâce",
    acts="insulté|insultait|insulte|menacé|menaçait|menace|harcelé|harcèle|harcelait|agressé|attaqué|touché|"
    "bousculé|poussé|frappé|embrassé|attrapé|coincé|crié|criait|hurlé|hurlait|traité|traitait|moqué|moquait|"
    "ridiculisé|humilié|interrompu|interrompait|suivi|suivait|envoyé|posté|publié|diffusé|photographié|filmé|"
    "appelé|lancé|pris|fait|ri|dénigré|rabaissé|imité|craché|exigé|continué",
    soft_acts="envoyé|posté|publié|diffusé|pris|fait|lancé|appelé|continué|traité|traitait",
    harms="blague|blagues|remarque|remarques|sexiste|sexistes|raciste|racistes|insulte|insultes|menace|menaces|"
    "photo|photos|geste|gestes|déplacé|déplacés|déplacée|déplacées|commentaire|commentaires|de|messages",
    speech="dit|disait|déclaré|écrit|répondu|répliqué|demandé|commenté|affirmé|lâché|plaisanté|ajouté",
    auxiliaries="a|m'a|m’a|l'a|l’a|nous|lui|s'est|s’est|est|avait|ensuite|puis|qui|publiquement|encore|alors|"
    "me|se|ne|aussi|t'a|t’a",
    passives="été|étée",
    by="par",
    about="contre|concernant|nommé|nommée|s'appelle|s’appelle|il s'agit de|il s’agit de|signaler|"
    "au sujet de|à propos de|"
    "la personne est|appelé|avec|c'était|c’était",
    writings="message|messages|commentaire|commentaires|courriel|courriels|mail|mails|propos|blague|blagues|"
    "remarque|remarques|comportement|plainte|incident|incidents|problème|problèmes|insultes|menaces|altercation",
    accounts="utilisateur|pseudo|pseudonyme|compte|identifiant|profil",
    copulas="est|était|comme",
    mine="mon|ma|mes|moi|notre|nous|me|je|m'écrire|m’écrire",
    witnessed="témoin|témoigner|vu|assisté|aidé|entendu|intervenu|confirmé|confirmer|soutenu",
    self="je m'appelle|je m’appelle|je suis|mon nom est|c'est|c’est",
    absence="réponse automatique|absence du bureau|absent du bureau|message d'absence|message d’absence|absence",
    places_before="à|au|aux|chez|dans|dans la|dans le",
    venues="salle|cuisine|amphithéâtre|amphi|hall|couloir|ascenseur|médiathèque|bibliothèque|bar|restaurant|"
    "hôtel|escalier|scène|cafétéria|vestiaire|toilettes|terrasse",
    no_places="nouveau|la|le|propos|cause|partir|bientôt|tous|toutes|français|anglais|vous|moi",
    officials="organisateur|organisatrice|équipe d'organisation|équipe d’organisation|co-organisateur|co-organisatrice",
    official_phrases="je suis organisateur|je suis organisatrice|j'organise|j’organise|nous organisons|"
    "en tant qu'organisat|en tant qu’organisat|au nom des organisateurs|je suis l'un des organisateurs|"
    "je suis l’un des organisateurs",
    local_people="modérateur|modératrice|modérateurs|organisateur|organisatrice|organisateurs|équipe|bénévole|bénévoles|"
    "sécurité",
    local_acts="averti|avertie|exclu|exclue|rappelé|intervenu|intervenue|parlé|demandé|expulsé|prié|recadré|supprimé",
    settled="pour nous c'est réglé|pour nous c’est réglé|l'incident est clos|l’incident est clos|nous avons parlé|"
    "je lui ai parlé|nous lui avons|l'affaire est close|l’affaire est close",
    negations="pas|jamais|personne|aucun|aucune|sans|rien",
    form_subject="qui est concerné|personne signalée|de qui s'agit-il|de qui s’agit-il",
    form_name="votre nom|nom",
    form_email="votre e-mail|votre courriel|votre adresse e-mail|courriel|adresse e-mail",
    form_date="quand|date|date de l'incident|date de l’incident",
    form_place="où|lieu|événement",
    form_other="que s'est-il passé|que s’est-il passé|description|témoins|anonyme",
)
