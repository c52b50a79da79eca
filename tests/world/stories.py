"""Invented stories: headlines and paragraphs in several languages, no two alike.

Sentences are put together from phrases written for this project. Every paragraph has names and
numbers of its own, so that a text tells which story, and which version of it, it is from.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Tongue:
    """The phrases of one language: a sentence is a subject, a deed and a circumstance."""

    code: str
    subjects: tuple[str, ...]
    deeds: tuple[str, ...]
    circumstances: tuple[str, ...]
    headlines: tuple[str, ...]
    correction: str
    sentence: str = "{subject} {deed} {circumstance}."
    syllables: tuple[str, ...] = (
        *("bra", "dol", "fen", "gar", "hul", "kel", "lim", "mor", "nis", "orn", "pel", "quil"),
        *("ras", "sto", "tam", "ulf", "vel", "wick", "yar", "zin", "alb", "est", "ivo", "umb"),
    )
    space: str = " "


@dataclass(frozen=True, slots=True)
class Text:
    """What a story says at one time."""

    title: str
    paragraphs: tuple[str, ...]
    correction: str | None = None


ENGLISH = Tongue(
    "en",
    (
        *("The harbour board of {name}", "A retired teacher from {name}", "The mayor of {name}"),
        *("Volunteers in {name}", "The choir of {name}", "A baker's daughter near {name}"),
        *("The lighthouse keeper at {name}", "Engineers from {name}", "The museum in {name}"),
        *("Two sisters who farm outside {name}", "The night bus drivers of {name}"),
    ),
    (
        *("counted {n} lamps that nobody had lit", "put off the repair of the old sluice"),
        *("found {n} letters behind a wall", "asked for {n} more chairs in the reading room"),
        *("sold the last of {n} wooden boats", "promised to open the bridge to cyclists"),
        *("planted {n} pear trees along the canal", "refused to move the clock by {n} minutes"),
        *("walked {n} kilometres to hand over a petition", "lent the orchestra {n} drums"),
    ),
    (
        *("before the first frost came down from the hills", "while the council was on holiday"),
        *("although the weather office had warned of storms", "to the surprise of its neighbours"),
        *("after a meeting that lasted until midnight", "without asking the ferry company first"),
        *("because the money from the lottery had arrived", "for the third time since the flood"),
    ),
    (
        *("{name} counts {n} missing lamps", "Bridge at {name} stays shut for {n} weeks"),
        *("How {n} drums came to {name}", "{name} orchard wins a prize after {n} years"),
        *("Ferry to {name} runs {n} minutes late", "{n} letters found in {name} town hall"),
    ),
    "Correction: an earlier version of this article gave a wrong number of boats in {name}; "
    "there were {n}.",
)
GERMAN = Tongue(
    "de",
    (
        *("Der Hafenrat von {name}", "Eine Lehrerin aus {name}", "Die Bürgermeisterin von {name}"),
        *("Der Gesangverein in {name}", "Ein Imker bei {name}", "Das Heimatmuseum von {name}"),
        *("Die Fährleute von {name}", "Der Nachtbusfahrer aus {name}", "Die Feuerwehr in {name}"),
    ),
    (
        *("hat {n} Laternen gezählt", "hat die Sanierung der Schleuse noch einmal verschoben"),
        *("hat {n} alte Briefe hinter einer Wand gefunden", "will {n} Birnbäume am Kanal pflanzen"),
        *("hat dem Orchester {n} Trommeln geliehen", "möchte die Brücke für Räder öffnen"),
        *("hat {n} Unterschriften im Rathaus abgegeben", "hat das letzte Holzboot verkauft"),
    ),
    (
        *("bevor der erste Frost gekommen ist", "obwohl der Wetterdienst vor Sturm gewarnt hatte"),
        *("nach einer Sitzung, die bis Mitternacht dauerte", "ohne die Reederei vorher zu fragen"),
        *("weil endlich das Geld aus der Lotterie da war", "zum dritten Mal seit dem Hochwasser"),
    ),
    (
        *("{name} vermisst {n} Laternen", "Brücke in {name} bleibt {n} Wochen gesperrt"),
        *("Wie {n} Trommeln nach {name} kamen", "{n} Briefe im Rathaus von {name} gefunden"),
    ),
    "Korrektur: In einer früheren Fassung dieses Artikels war die Zahl der Boote in {name} falsch; "
    "es waren {n}.",
)
FRENCH = Tongue(
    "fr",
    (
        *("Le conseil du port de {name}", "Une institutrice de {name}", "Le maire de {name}"),
        *("La chorale de {name}", "Un apiculteur installé près de {name}", "Le musée de {name}"),
        *("Les passeurs du bac de {name}", "La gardienne du phare de {name}"),
    ),
    (
        *("a compté {n} lanternes éteintes", "a repoussé la réparation de la vieille écluse"),
        *("a retrouvé {n} lettres derrière un mur", "veut planter {n} poiriers le long du canal"),
        *("a prêté {n} tambours à l'orchestre", "a promis d'ouvrir le pont aux vélos"),
        *("a déposé {n} signatures à la mairie", "a vendu le dernier bateau en bois"),
    ),
    (
        *("avant que le gel ne descende des collines", "à la grande surprise des voisins"),
        *("après une réunion qui a duré jusqu'à minuit", "sans prévenir la compagnie du bac"),
        *("parce que l'argent de la loterie était arrivé", "pour la troisième fois depuis la crue"),
    ),
    (
        *("{name} cherche {n} lanternes", "Le pont de {name} fermé pendant {n} semaines"),
        *("Comment {n} tambours sont arrivés à {name}", "{n} lettres retrouvées à {name}"),
    ),
    "Correction : une version précédente de cet article donnait un nombre de bateaux erroné pour "
    "{name} ; il y en avait {n}.",
)
SPANISH = Tongue(
    "es",
    (
        *("La junta del puerto de {name}", "Una maestra de {name}", "El alcalde de {name}"),
        *("El coro de {name}", "Un apicultor que vive cerca de {name}", "El museo de {name}"),
        *("Los barqueros de {name}", "La farera de {name}", "El conductor nocturno de {name}"),
    ),
    (
        *("contó {n} faroles apagados", "aplazó otra vez la reparación de la vieja esclusa"),
        *("encontró {n} cartas detrás de una pared", "quiere plantar {n} perales junto al canal"),
        *("prestó {n} tambores a la orquesta", "prometió abrir el puente a las bicicletas"),
        *("entregó {n} firmas en el ayuntamiento", "vendió el último barco de madera"),
    ),
    (
        *("antes de que bajara la helada de los cerros", "para sorpresa de los vecinos"),
        *("después de una reunión que duró hasta medianoche", "sin avisar a la naviera"),
        *("porque por fin llegó el dinero de la lotería", "por tercera vez desde la riada"),
    ),
    (
        *("{name} busca {n} faroles", "El puente de {name} seguirá cerrado {n} semanas"),
        *("Cómo llegaron {n} tambores a {name}", "Hallan {n} cartas en {name}"),
    ),
    "Corrección: una versión anterior de este artículo daba un número equivocado de barcos en "
    "{name}; eran {n}.",
)
RUSSIAN = Tongue(
    "ru",
    (
        *("Совет порта {name}", "Учительница из посёлка {name}", "Глава города {name}"),
        *("Хор города {name}", "Пасечник из деревни {name}", "Музей города {name}"),
        *("Смотритель маяка {name}", "Водитель ночного автобуса из города {name}"),
    ),
    (
        *("не досчитался {n} фонарей", "отложил ремонт старого шлюза ещё на {n} недель"),
        *("обнаружил за стеной {n} старых писем", "решил посадить вдоль канала {n} груш"),
        *("одолжил оркестру {n} барабанов", "обещал открыть мост для велосипедов"),
    ),
    (
        *("до того как с холмов спустились первые морозы", "к удивлению всех соседей"),
        *("после собрания, которое длилось до полуночи", "не предупредив паромщиков"),
        *("потому что наконец пришли деньги от лотереи", "в третий раз после наводнения"),
    ),
    (
        *("{name}: пропали {n} фонарей", "Мост в городе {name} закрыт на {n} недель"),
        *("Как {n} барабанов попали в {name}", "В ратуше города {name} нашли {n} писем"),
    ),
    "Исправление: в предыдущей версии статьи число лодок в городе {name} было указано неверно; "
    "их было {n}.",
    syllables=(
        *("бра", "дол", "фен", "гар", "хол", "кел", "лим", "мор", "нис", "орн", "пел", "рас"),
        *("сто", "там", "ульм", "вел", "зин", "яр", "ест", "иво", "куб", "лад", "мыш", "тур"),
    ),
)
JAPANESE = Tongue(
    "ja",
    (
        *("{name}港の委員会は", "{name}の元教師は", "{name}市の市長は", "{name}合唱団は"),
        *("{name}の養蜂家は", "{name}博物館は", "{name}灯台の番人は", "{name}の夜行バスの運転手は"),
    ),
    (
        *("消えた街灯を{n}本数え", "古い水門の修理を{n}週間延期し", "壁の裏から手紙を{n}通見つけ"),
        *(
            "運河沿いに梨の木を{n}本植え",
            "楽団に太鼓を{n}個貸し出し",
            "橋を自転車に開放すると約束し",
        ),
    ),
    (
        *("初霜が丘から下りてくる前に作業を終えた", "近所の人々を大いに驚かせた"),
        *("会議は真夜中まで続いたという", "渡し船の会社には事前に知らせなかった"),
        *("宝くじの資金がようやく届いたためだと説明した", "洪水の後でこれが三度目となった"),
    ),
    (
        *("{name}で街灯{n}本が不明に", "{name}橋、{n}週間の通行止め"),
        *("{name}に太鼓{n}個が届く", "{name}市庁舎で手紙{n}通を発見"),
    ),
    "訂正：この記事の以前の版では{name}の船の数が誤っていました。正しくは{n}隻です。",
    sentence="{subject}{deed}、{circumstance}。",
    syllables=(
        *("アル", "ベリ", "カス", "ドラ", "エン", "フィ", "ガロ", "ハマ", "イソ", "ジュ", "キリ"),
        *("ルナ", "モリ", "ネブ", "オル", "ペタ", "ロカ", "サバ", "タマ", "ウル", "ヴィ", "ヨル"),
    ),
    space="",
)
TONGUES = (ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN, JAPANESE)


def invent_name(draw: Random, tongue: Tongue) -> str:
    """Return a name of three syllables: some ten thousand in each language."""
    return "".join(draw.choices(tongue.syllables, k=3)).capitalize()


def tell(draw: Random, tongue: Tongue) -> Text:
    """Return a new story."""
    title = _fill(draw, tongue, draw.choice(tongue.headlines))
    return Text(title, tuple(paragraph(draw, tongue) for _ in range(draw.randint(4, 7))))


def paragraph(draw: Random, tongue: Tongue) -> str:
    """Return a paragraph of some sentences."""
    return tongue.space.join(_sentence(draw, tongue) for _ in range(draw.randint(3, 4)))


def retitle(draw: Random, tongue: Tongue, text: Text) -> Text:
    """Return the story under another headline."""
    title = _fill(draw, tongue, draw.choice(tongue.headlines))
    return Text(title, text.paragraphs, text.correction)


def rewrite(draw: Random, tongue: Tongue, text: Text) -> Text:
    """Return the story with a paragraph replaced and another added."""
    paragraphs = list(text.paragraphs)
    paragraphs[draw.randrange(len(paragraphs))] = paragraph(draw, tongue)
    return Text(text.title, (*paragraphs, paragraph(draw, tongue)), text.correction)


def correct(draw: Random, tongue: Tongue, text: Text) -> Text:
    """Return the story with a note that says what was wrong in it."""
    return Text(text.title, text.paragraphs, _fill(draw, tongue, tongue.correction))


def _sentence(draw: Random, tongue: Tongue) -> str:
    pattern = tongue.sentence.format(
        subject=draw.choice(tongue.subjects),
        deed=draw.choice(tongue.deeds),
        circumstance=draw.choice(tongue.circumstances),
    )
    return _fill(draw, tongue, pattern)


def _fill(draw: Random, tongue: Tongue, pattern: str) -> str:
    return pattern.format(name=invent_name(draw, tongue), n=draw.randint(11, 9999))
