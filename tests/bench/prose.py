"""Words and names, all invented, from which the bench's mails are strung together."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "fr", "de", "ru", "ja"]

PEOPLE = (
    "Ines Calder", "Jörg Wendt", "Amélie Roche", "Dmitri Sobol", "小林 葵", "Halima Sesay", "Oskar Lindqvist",
    "Maeve Doyle", "Rui Pacheco", "Zofia Mróz", "Kofi Mensah", "Élodie Garnier", "Тамара Белова", "Sunil Rao",
    "渡辺 翔太", "Greta Holm", "Pablo Ibarra", "Nadia Farouk", "Bram de Wit", "Leilani Kahale",
)  # fmt: skip

#: Words with blanks between them.
PROSE: dict[Language, str] = {
    "en": (
        "after the sprint on Saturday one attendee kept talking over our group and made jokes about how somebody "
        "dresses I wrote down what was said and when it happened please tell me which steps come next and who will "
        "read this message the organisers were told during the lunch break but nothing changed in the evening I do "
        "not want a fuss only that it stops there are two more people who saw it happen and would speak to you"
    ),
    "fr": (
        "pendant l’atelier de samedi une personne a coupé la parole à plusieurs reprises et s’est moquée d’un élève "
        "déjà très gêné nous étions à côté de la fenêtre près du buffet où ça s’est passé merci de votre réponse"
    ),
    "de": (
        "beim Treffen am Samstag wurde jemand mehrfach unterbrochen und später im Flur beschimpft ich möchte dass "
        "künftig darauf geachtet wird könnten Sie mir bitte schreiben wie es nun weitergeht schöne Grüße"
    ),
    "ru": (
        "в субботу на встрече один участник несколько раз перебивал докладчицу и смеялся над её вопросами прошу "
        "сообщить что будет дальше спасибо за внимание"
    ),
    "ja": (
        "土曜日の 勉強会で ある参加者が 何度も 発表を さえぎり 服装について からかう 発言を しました 今後の "
        "進め方を 教えて ください よろしく お願いします"
    ),
}
