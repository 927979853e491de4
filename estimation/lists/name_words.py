"""Words that stand in cells of names and are none: for what is not known, titles and honorifics."""

from __future__ import annotations

import re
from functools import lru_cache

from estimation.lists.normal import normalise

__all__ = ["is_missing"]

_UNKNOWN = """
unknown, unknwon, not known, n k, nk, n a, not available, not applicable, none, null, nan, nil, missing, no name, name
unknown, unknown name, name not known, name withheld, not given, not stated, not recorded, not reported, no data,
unnamed, unidentified, not identified, anonymous, nn, n n, john doe, jane doe, tbc, tbd, xxx, xx, x,
desconocido, desconocida, desconocidos, sin datos, sin dato, sin nombre, s d, s n, sd, no identificado, no
identificada, no consta, no se sabe, se ignora, ignorado, ignorada, nombre desconocido, sin identificar,
inconnu, inconnue, inconnus, non identifie, non identifiee, anonyme, sans nom, non communique, non renseigne, nc,
unbekannt, unbekannte, unbekannter, nicht bekannt, namenlos, keine angabe, k a, ohne namen, nicht identifiziert,
desconhecido, desconhecida, sem nome, nao identificado, nao identificada, sem dados, ignoto, ignota, sconosciuto,
sconosciuta, non identificato, nepoznat, nepoznata, nepoznato, nepoznati, neidentifikovan, neidentifikovano,
bilinmiyor, bilinmeyen, mechul, isimsiz, kimligi belirsiz, onbekend, okand, ukendt, ukjent, nieznany, nieznana,
неизвестно, неизвестен, неизвестна, неизвестный, неизвестная, неизвестные, не известно, не известен, не известна, не
установлено, не установлена, не установлен, не указано, не указан, не указана, нет сведений, нет данных, без имени,
безымянный, н д, н у, имя неизвестно, неопознан, неопознана, неопознанный, невідомо, невідомий, невідома, немає даних,
непознат, непозната, непознато,
مجهول, مجهولة, مجهول الاسم, مجهولة الاسم, مجهول الهوية, مجهولة الهوية, مجهولو الهوية, مجهولي الهوية, غير معروف, غير
معروفة, غير معلوم, غير معلومة, غير محدد, غير محددة, غير متوفر, غير متوفرة, غير مسجل, لا يوجد, لا يعرف, بدون اسم, بدون,
بلا اسم, اسم غير معروف, الاسم غير معروف, لم يتم التعرف عليه, لم يتم التعرف عليها, لم تحدد هويته, هوية مجهولة, غير محدد
الهوية,
نامعلوم, ناشناس, ناشناخته, نامشخص, نا معلوم, نا مشخص, معلوم نیست, مشخص نیست, مجهول الهویه, مجهول‌الهویه, بی‌نام, بی
نام, بینام, بدون نام, نام نامعلوم, نامش معلوم نیست, ندارد, اطلاعی نیست, بدون هویت, هویت نامعلوم, گمنام, شهید گمنام, ن
م, ثبت نشده, ذکر نشده,
άγνωστος, άγνωστη, άγνωστο, לא ידוע, אלמוני, פלוני, անհայտ, უცნობი, 不详, 不詳, 未知, 佚名, 無名,
नाम अज्ञात, अज्ञात, نا معلوم,
"""
"""What is written for an unknown name, by language: English, Spanish, French, German, others in Latin letters, Russian,
Arabic, Persian, others."""

_UNKNOWN_NORMAL = frozenset(normalise(word) for word in _UNKNOWN.split(",")) - {""}
_NOTHING = re.compile(r"[\W_]*|0+|-\d+|9{2,}|[xX]{2,}|NA|#N/A|#NAME\?|#REF!", re.UNICODE)


@lru_cache(maxsize=200_000)
def is_missing(text: str) -> bool:
    """Whether a cell says that something is not known, or nothing: it is missing, and never agrees with another.

    Parameters
    ----------
    text : str
        A cell or a part of a name.

    Examples
    --------
    >>> [is_missing(cell) for cell in ("؟", "نامعلوم", "n/k", "sin datos", "Неизвестно", "N.N.", " --- ")]
    [True, True, True, True, True, True, True]
    >>> is_missing("Nana"), is_missing("Na"), is_missing("0")
    (False, False, True)
    """
    if _NOTHING.fullmatch(text.strip()):
        return True
    name = normalise(text)
    return not name or name in _UNKNOWN_NORMAL
