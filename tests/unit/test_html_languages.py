"""Titles, bylines and days in many languages, each as a small page of it writes them."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.reading.html.metadata import complete_metadata, read_metadata
from ingest.reading.html.tree import parse

# Language, headline, byline, line with the 4th of March 2025, author. The bridge reopens in each.
PAGES = [
    ("th", "สะพานเก่าเปิดใช้แล้ว", "โดย สมชาย ใจดี", "เผยแพร่เมื่อ 4 มีนาคม 2568", "สมชาย ใจดี"),
    ("th", "สะพานเก่าเปิดใช้แล้ว", "ผู้เขียน: สมชาย ใจดี", "4 มี.ค. 2568 10:11 น.", "สมชาย ใจดี"),
    ("my", "တံတားဟောင်း ပြန်ဖွင့်ပြီ", "ရေးသားသူ - မောင်အောင်", "၄ မတ် ၂၀၂၅", "မောင်အောင်"),
    ("my", "တံတားဟောင်း ပြန်ဖွင့်ပြီ", "", "မတ် ၄၊ ၂၀၂၅", ""),
    ("my", "တံတားဟောင်း ပြန်ဖွင့်ပြီ", "", "2025 ခုနှစ် မတ်လ 4 ရက်", ""),
    ("he", "הגשר הישן נפתח מחדש", "מאת: דנה כהן", "פורסם: 4 במרץ 2025", "דנה כהן"),
    ("he", "הגשר הישן נפתח מחדש", "מאת דנה כהן", "4.3.2025, 10:11", "דנה כהן"),
    ("hi", "पुराना पुल फिर खुला", "लेखक: अनिल शर्मा", "प्रकाशित: 4 मार्च 2025", "अनिल शर्मा"),
    ("hi", "पुराना पुल फिर खुला", "अनिल शर्मा द्वारा", "4 मार्च 2025, 10:11 AM IST", "अनिल शर्मा"),
    ("hi", "पुराना पुल फिर खुला", "", "मंगलवार, ४ मार्च २०२५", ""),
    ("ar", "الجسر القديم يفتح من جديد", "بقلم: سامي النجار", "نشر في: 4 مارس 2025", "سامي النجار"),
    (
        "ar",
        "الجسر القديم يفتح من جديد",
        "كتب سامي النجار",
        "الثلاثاء ٤ مارس ٢٠٢٥ - ١٠:١١",
        "سامي النجار",
    ),
    ("ar", "الجسر القديم يفتح من جديد", "كتبت: سلمى حداد", "4 آذار 2025", "سلمى حداد"),
    ("fa", "پل قدیمی باز شد", "نویسنده: رضا کریمی", "۱۴ اسفند ۱۴۰۳", "رضا کریمی"),
    ("fa", "پل قدیمی باز شد", "", "تاریخ انتشار: ۱۴۰۳/۱۲/۱۴", ""),
    ("fa", "پل قدیمی باز شد", "نوشته رضا کریمی", "۴ مارس ۲۰۲۵", "رضا کریمی"),
    (
        "tr",
        "Eski köprü yeniden açıldı",
        "Yazar: Ayşe Yılmaz",
        "Yayınlanma: 4 Mart 2025 10:11",
        "Ayşe Yılmaz",
    ),
    (
        "tr",
        "Eski köprü yeniden açıldı",
        "Haber: Mehmet Kaya",
        "Giriş Tarihi: 04.03.2025",
        "Mehmet Kaya",
    ),
    (
        "vi",
        "Cầu cũ mở lại",
        "Tác giả: Nguyễn Văn An",
        "Thứ ba, 4/3/2025, 10:11 (GMT+7)",
        "Nguyễn Văn An",
    ),
    (
        "id",
        "Jembatan lama dibuka lagi",
        "Oleh Budi Santoso",
        "Diterbitkan 4 Maret 2025, 10:11 WIB",
        "Budi Santoso",
    ),
    (
        "id",
        "Jembatan lama dibuka lagi",
        "Penulis: Budi Santoso",
        "Selasa, 4 Mar 2025 10:11 WIB",
        "Budi Santoso",
    ),
    ("ko", "옛 다리 다시 열려", "김민수 기자", "입력 2025.03.04. 오전 10:11", "김민수"),
    ("ko", "옛 다리 다시 열려", "글 김민수", "등록 2025-03-04 10:11", "김민수"),
    ("ko", "옛 다리 다시 열려", "기자 김민수", "2025년 3월 4일", "김민수"),
    ("zh", "老桥重新开放", "记者：王小明", "发布时间：2025年3月4日 10:11", "王小明"),
    ("zh", "老桥重新开放", "作者：王小明", "2025-03-04 10:11:12", "王小明"),
    ("zh-TW", "老橋重新開放", "記者王小明／台北報導", "2025/03/04 10:11", "王小明"),
    ("ja", "古い橋が再開", "記者 山田太郎", "2025年3月4日 10時11分", "山田太郎"),
    ("ja", "古い橋が再開", "執筆：山田太郎", "公開日：2025.03.04", "山田太郎"),
    ("ja", "古い橋が再開", "山田太郎", "令和7年3月4日", ""),
    (
        "el",
        "Η παλιά γέφυρα άνοιξε",
        "Του Γιώργου Παπαδόπουλου",
        "Δημοσιεύθηκε: 4 Μαρτίου 2025, 10:11",
        "Γιώργου Παπαδόπουλου",
    ),
    (
        "el",
        "Η παλιά γέφυρα άνοιξε",
        "Συντάκτης: Μαρία Νικολάου",
        "04/03/2025 • 10:11",
        "Μαρία Νικολάου",
    ),
    (
        "pl",
        "Stary most znów otwarty",
        "Autor: Jan Kowalski",
        "Opublikowano: 4 marca 2025, 10:11",
        "Jan Kowalski",
    ),
    (
        "pl",
        "Stary most znów otwarty",
        "Tekst: Anna Nowak",
        "Data publikacji: 04.03.2025",
        "Anna Nowak",
    ),
    (
        "cs",
        "Starý most znovu otevřen",
        "Autor: Jan Novák",
        "Publikováno 4. března 2025 10:11",
        "Jan Novák",
    ),
    ("cs", "Starý most znovu otevřen", "Jan Novák", "4. 3. 2025 10:11", ""),
    (
        "hu",
        "Megnyílt a régi híd",
        "Írta: Kovács János",
        "Megjelent: 2025. március 4. 10:11",
        "Kovács János",
    ),
    ("hu", "Megnyílt a régi híd", "Szerző: Kovács János", "2025.03.04. 10:11", "Kovács János"),
    (
        "ro",
        "Podul vechi s-a redeschis",
        "De Ion Popescu",
        "Publicat: 4 martie 2025, 10:11",
        "Ion Popescu",
    ),
    (
        "ro",
        "Podul vechi s-a redeschis",
        "Autor: Ion Popescu",
        "Marți, 04 Martie 2025",
        "Ion Popescu",
    ),
    (
        "bg",
        "Старият мост отново отворен",
        "Автор: Иван Петров",
        "Публикувано: 4 март 2025, 10:11",
        "Иван Петров",
    ),
    ("bg", "Старият мост отново отворен", "от Иван Петров", "4 март 2025 г.", "Иван Петров"),
    (
        "uk",
        "Старий міст знову відкрито",
        "Автор: Олена Шевченко",
        "Опубліковано 4 березня 2025, 10:11",
        "Олена Шевченко",
    ),
    ("uk", "Старий міст знову відкрито", "Олена Шевченко", "04 березня 2025, 10:11", ""),
    (
        "fi",
        "Vanha silta avattiin",
        "Kirjoittaja: Matti Virtanen",
        "Julkaistu 4.3.2025 klo 10.11",
        "Matti Virtanen",
    ),
    (
        "fi",
        "Vanha silta avattiin",
        "Teksti: Matti Virtanen",
        "4. maaliskuuta 2025",
        "Matti Virtanen",
    ),
    (
        "sw",
        "Daraja la zamani lafunguliwa",
        "Na Juma Hassan",
        "Imechapishwa: 4 Machi 2025",
        "Juma Hassan",
    ),
    (
        "sw",
        "Daraja la zamani lafunguliwa",
        "Mwandishi: Juma Hassan",
        "Jumanne, 4 Machi 2025",
        "Juma Hassan",
    ),
    (
        "ru",
        "Старый мост снова открыт",
        "Автор: Анна Иванова",
        "Опубликовано 4 марта 2025 в 10:11",
        "Анна Иванова",
    ),
    (
        "ru",
        "Старый мост снова открыт",
        "Текст: Анна Иванова",
        "4 марта 2025, 10:11",
        "Анна Иванова",
    ),
    ("bn", "পুরনো সেতু আবার খুলল", "লেখক: রহিম উদ্দিন", "প্রকাশিত: ৪ মার্চ ২০২৫", "রহিম উদ্দিন"),
    ("ur", "پرانا پل دوبارہ کھل گیا", "تحریر: احمد علی", "4 مارچ 2025", "احمد علی"),
    ("sr", "Стари мост поново отворен", "Аутор: Марко Јовић", "4. март 2025.", "Марко Јовић"),
    ("hr", "Stari most ponovno otvoren", "Piše: Ivan Horvat", "4. ožujka 2025.", "Ivan Horvat"),
    ("sk", "Starý most opäť otvorený", "Autor: Peter Horváth", "4. marca 2025", "Peter Horváth"),
    ("sl", "Stari most spet odprt", "Avtor: Janez Novak", "4. marec 2025", "Janez Novak"),
    (
        "lt",
        "Senas tiltas vėl atvertas",
        "Autorius: Jonas Petraitis",
        "2025 m. kovo 4 d.",
        "Jonas Petraitis",
    ),
    (
        "lv",
        "Vecais tilts atkal atvērts",
        "Autors: Jānis Bērziņš",
        "2025. gada 4. marts",
        "Jānis Bērziņš",
    ),
    ("et", "Vana sild taas avatud", "Autor: Mart Tamm", "4. märts 2025", "Mart Tamm"),
    (
        "nl",
        "Oude brug weer open",
        "Door Jan de Vries",
        "Gepubliceerd op 4 maart 2025 om 10:11",
        "Jan de Vries",
    ),
    (
        "sv",
        "Gamla bron öppnad igen",
        "Av Karin Lind",
        "Publicerad 4 mars 2025 kl. 10.11",
        "Karin Lind",
    ),
    ("da", "Gammel bro åbnet igen", "Af Søren Holm", "4. marts 2025 kl. 10:11", "Søren Holm"),
    (
        "no",
        "Gammel bro åpnet igjen",
        "Av Kari Nordmann",
        "Publisert 4. mars 2025 kl. 10:11",
        "Kari Nordmann",
    ),
    (
        "it",
        "Riaperto il vecchio ponte",
        "di Carla Bianchi",
        "Pubblicato il 4 marzo 2025 alle 10:11",
        "Carla Bianchi",
    ),
    (
        "es",
        "Reabre el viejo puente",
        "Por Carmen Ruiz",
        "Publicado el 4 de marzo de 2025 a las 10:11",
        "Carmen Ruiz",
    ),
    (
        "pt",
        "Ponte velha reabre",
        "Por Joana Sá",
        "Publicado em 4 de março de 2025 às 10h11",
        "Joana Sá",
    ),
    (
        "fr",
        "Le vieux pont rouvre",
        "Par Jean Dupont",
        "Publié le 4 mars 2025 à 10h11",
        "Jean Dupont",
    ),
    ("ms", "Jambatan lama dibuka semula", "Oleh Ahmad Zaki", "4 Mac 2025", "Ahmad Zaki"),
    ("tl", "Muling binuksan ang lumang tulay", "Ni Jose Cruz", "Marso 4, 2025", "Jose Cruz"),
    ("am", "አሮጌው ድልድይ ተከፈተ", "", "4 ማርች 2025", ""),
    ("ka", "ძველი ხიდი გაიხსნა", "ავტორი: გიორგი ბერიძე", "4 მარტი 2025", "გიორგი ბერიძე"),
    ("hy", "Հին կամուրջը բացվեց", "Հեղինակ՝ Արամ Սարգսյան", "4 մարտի 2025", "Արամ Սարգսյան"),
    ("ta", "பழைய பாலம் திறப்பு", "", "4 மார்ச் 2025", ""),
    ("ne", "पुरानो पुल खुल्यो", "", "४ मार्च २०२५", ""),
    ("so", "Buundadii hore la furay", "", "4 Maarso 2025", ""),
]


@pytest.mark.parametrize(("language", "title", "byline", "dated", "author"), PAGES)
def test_a_page_is_read_in_its_language(
    language: str, title: str, byline: str, dated: str, author: str
) -> None:
    page = (
        f"<html lang={language}><head><title>{title}</title></head><body><div><h1>{title}</h1>"
        f"<p>{byline}</p><p>{dated}</p></div><p>{'x ' * 200}</p></body></html>"
    )
    stated = read_metadata(parse(page), url="https://vellmar.example/news/x-1", known_on=None)
    opening = [line for line in (title, byline, dated) if line]
    found = complete_metadata(stated, opening, known_on=None)

    assert (found.title, found.authors, found.published_on) == (
        title,
        (author,) if author else (),
        date(2025, 3, 4),
    )


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("pt", "Na Nova Guiné"),  # in New Guinea
        ("nl", "De Nieuwe Courant"),  # the new courant
        ("fr", "De Gaulle Street"),
        ("it", "Ni Una Menos"),
    ],
)
def test_a_word_that_means_by_in_another_language_begins_no_byline(
    language: str, line: str
) -> None:
    stated = read_metadata(parse(f"<html lang={language}>"), url=None, known_on=None)

    assert complete_metadata(stated, ["The bridge", line], known_on=None).authors == ()
