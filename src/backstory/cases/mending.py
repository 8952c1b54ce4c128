"""What to say when a promise was broken: own it, say it once, give a new day. Pure; the words are data to edit.

After the service recovery cycle (explain, then a concrete next step) and Packard, Moore & McFerran 2018
("I", not "we").
"""

from typing import Final

WRITTEN: Final = {
    "en": (
        "Hello {name},\n\nI wrote to you: “{quote}”. I did not keep that, and I am sorry. You had every reason to "
        "rely on it.\n\nThis is where it stands: [what happened and what is left]. By [day and hour] I will "
        "[what you will do], and I will write to you then even if it is not finished."
    ),
    "de": (
        "Guten Tag {name},\n\nich hatte Ihnen geschrieben: „{quote}“. Das habe ich nicht eingehalten, und das tut mir "
        "leid. Sie durften sich darauf verlassen.\n\nSo steht es: [was geschehen ist und was noch fehlt]. Bis [Tag und "
        "Uhrzeit] werde ich [was Sie tun], und ich schreibe Ihnen dann auch, falls es noch nicht fertig ist."
    ),
    "es": (
        "Hola, {name}:\n\nLe escribí: «{quote}». No lo cumplí, y lo siento. Usted tenía motivos para contar con "
        "ello.\n\nAsí está el asunto: [qué pasó y qué falta]. Antes de [día y hora] yo [qué hará], y le escribiré "
        "entonces aunque no esté terminado."
    ),
    "fr": (
        "Bonjour {name},\n\nJe vous avais écrit : « {quote} ». Je ne l'ai pas tenu, et j'en suis désolé. Vous pouviez "
        "compter dessus.\n\nVoici où nous en sommes : [ce qui s'est passé et ce qui reste]. D'ici [jour et heure], je "
        "[ce que vous ferez], et je vous écrirai à ce moment-là même si tout n'est pas fini."
    ),
}
SPOKEN: Final = {  # what stands in a note is for the team alone: its words are not quoted
    "en": WRITTEN["en"].replace("I wrote to you: “{quote}”. I did", "I promised you on the telephone [what]. I did"),
    "de": WRITTEN["de"].replace("geschrieben: „{quote}“.", "am Telefon zugesagt: [was]."),
    "es": WRITTEN["es"].replace("Le escribí: «{quote}».", "Le prometí por teléfono [qué]."),
    "fr": WRITTEN["fr"].replace("écrit : « {quote} ».", "promis au téléphone [quoi]."),
}


def suggested(language: str, name: str, quote: str, *, spoken: bool = False) -> str:
    """A message about a broken promise, to be finished by hand: [brackets] are to be filled in."""
    words = (SPOKEN if spoken else WRITTEN).get(language[:2]) or (SPOKEN if spoken else WRITTEN)["en"]
    return words.format(name=name, quote=quote)
