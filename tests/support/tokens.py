"""Texts with the number of tokens that a real tokenizer counts in them."""

from __future__ import annotations

__all__ = ["COUNTED"]

# Tokens that llama.cpp's /tokenize counts with SmolLM2's tokenizer, which has one for each figure.
COUNTED = {
    "The lighthouse at Orrin Point was built by the engineer Agnes Marlow in 1871.": 21,
    "On 12.03.2024 at 14:35, 1,234,567.89 kg; 45.6 %, 2023-11-30T08:15:00Z, +47 69 12 34 56, 1/2 (2019-2024).": 95,
    "Маяк на мысе Оррин построил инженер Агнес Марлоу, а последний смотритель уехал.": 64,
    "灯台は技師アグネス・マーロウによって建てられ、最後の守り人は去った。": 62,
    "بنى المهندس أغنيس مارلو المنارة في رأس أورين عام ١٨٧١.": 55,
    "लाइटहाउस का निर्माण इंजीनियर एग्नेस मार्लो ने किया था।": 62,
    "Die Donaudampfschifffahrtsgesellschaft verweigerte die Straßenverkehrszulassungsordnung.": 35,
    "Lentokonesuihkuturbiinimoottoriapumekaanikko rakensi majakan Porkkalanniemelle.": 34,
    "Latarnię morską zbudował inżynier, a ostatni latarnik odszedł w Szczebrzeszynie.": 40,
    "Ngọn hải đăng được kỹ sư xây dựng năm nay và người gác cuối cùng đã rời đi.": 67,
    "Mnara wa taa ulijengwa na mhandisi, na mlinzi wa mwisho aliondoka wakati taa ilipofanywa.": 40,
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch ydy enw'r pentref hwnnw.": 40,
    "THE MINISTER OF FOREIGN AFFAIRS ANNOUNCED SANCTIONS AGAINST KYRGYZSTAN.": 31,
    "A B C D E F. U.S.A., F.B.I., e.g. x y z": 26,
    "https://www.example.com/path/to/SomeArticle?id=abcdef0123456789&utm_source=XyZ": 38,
    "🎉🚀👩‍🚀🇳🇴 «“—”» §¶ \t\t\n\n": 31,
    '{"type": "array", "items": {"type": "integer", "enum": [1, 2, 3, 4, 5]}, "maxItems": 4}': 41,
}
