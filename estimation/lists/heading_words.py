"""The words by which headings of name lists are known, in the languages in which lists were met.

A word counts where a word of the heading begins with it; one that ends in ``$`` is the whole word, and one with ``_``
stands for several words.  All are compared as `estimation.lists.normal.normalise` makes them: without case, accents and
hyphens, Arabic and Persian letters alike.
"""

from __future__ import annotations

__all__ = ["CONCEPTS"]

CONCEPTS: dict[str, str] = {
    "name": """
        name nombre nom$ noms$ nome$ nomes$ naam namen имя имени им'я ім'я імя ime$ imena$ imie imiona اسم$ الاسم$
        اسم_ أسماء الأسماء نام$ اسامی ad$ adi$ isim$ ismi$ emri$ emer jina$ nama$ nume$ nev$ onoma ονομα שם$ 姓名 名前
        مشخصات navn$ namn$ nimi$ nav$ naver$ ناو$ نوم$ magaca izina
    """,
    "given": """
        given first forename prenom vorname nombres$ prenome firstname fname$ имя$ prename christian_name
        الاسم_الاول الاسم_الشخصي نام_کوچک личное nom_de_pila primer_nombre rufname voornaam prenume
        vor$
    """,
    "middle": "middle second_name segundo_nombre deuxieme_prenom zweiter_vorname mellannamn srednje_ime",
    "family": """
        surname family last lastname lname$ apellido cognome sobrenome apelido$ apelidos$ nachname familienname
        фамилия фамилии фамилию прізвище prezime nazwisko soyad soyisim mbiemer mbiemri achternaam nom_de_famille
        نام_خانوادگی خانوادگی شهرت فامیل کنیه$ الکنیه لقب$ اللقب العایله العائله نسبه$ النسبه תשפחה משפחה επωνυμο
        efternavn etternavn efternamn vezeteknev nume_de_familie 姓$ marga$ تخلص nisba
        zuname primer_apellido
    """,
    "full": """
        full whole complete completo complet$ fio$ фио піб полное vollstandig رباعی الرباعی ثلاثی الثلاثی الکامل
        کامل نام_و_نام_خانوادگی الاسم_واللقب الاسم_والکنیه ad_soyad adi_soyadi adsoyad ime_i_prezime prezime_i_ime
        ism_va_familiya nom_et_prenom nom_prenom
        ф_и_о п_і_б emri_mbiemri emer_mbiemer mbiemri_emri emri_dhe_mbiemri emri_e_mbiemri mbiemri_dhe_emri
        emer_e_mbiemer isim_soyisim soyisim_isim
    """,
    "father": """
        father ولدیت padre$ del_padre pere$ du_pere vater отец отца отчество батьков patronym otac oca$ otca$ ojca$
        oce$ baba$ babasi baba_ پدر والد$ والدش ولد$ اب$ الاب$ ابو$ paterno paterna paternal pai$ padrona fathers
        ata$ atesi babai i_atit باوک$ bapak ayah do_pai otce
        ocev prindit paternita فرزند$ الاسم_الثانی
    """,
    "grandfather": """
        grandfather grand_father abuelo grand_pere grossvater дед$ деда дедушка djed$ dede$ جد$ الجد$ جده$ پدربزرگ
        پدر_بزرگ جدش kakek avo$ nonno$ dedesi
        third_name الاسم_الثالث
        ولد_ولد
    """,
    "mother": """
        mother madre$ mere$ mutter мать матери матір majka majke majci matki matka anne$ annesi ana_adi مادر ام$
        الام$ امه$ والده الوالده materno materna maternal mae$ nene nena ibu$ دایک$
    """,
    "other_family": """
        maiden née$ nee$ geborene geburtsname madchenname married casada conyugal marital de_jeune_fille девич
        добрачн devojack djevojack panienskie soltera spouse_surname birth_name birthname name_at_birth rodjena
        rodena rod$
        segundo_apellido дівоч kizlik
    """,
    "alias": """
        alias aliases nickname nick$ aka$ known_as nom_de_guerre pseudonym pseudo$ apodo surnom sobrenombre прозвище
        кличк псевдоним nadimak takma مستعار شهره$ الحرکی حرکی معروف المعروف ابو_ nama_lain codename code_name
        kod_adi war_name laqab kunya other_name other_names autre_nom otros_nombres
        nofk deckname lakab$ lakabi pseudonim a_k_a
    """,
    "script": """
        persian farsi arabic english latin kurdish hebrew cyrillic russian ukrainian french arabe persan ingles
        anglais englisch arabisch persisch kyrillisch transliter romani romaniz translit transcri native
        original_script بالعربیه بالانکلیزیه بالانجلیزیه الانجلیزی بالانکلیزی عربی انگلیسی لاتین فارسی по-русски
        по-английски ingilizce arapca latinica cirilica
    """,
    "birth": """
        birth born dob$ yob$ birthdate birthday birthyear birthplace naissance ne_le nee_le ne_e_le ne_e$ nacim
        nacid nac$ fnac$ geburt geboren geb$ geb_dat nascita nascim nasc$ nato$ рожд родил народж рожден rodj roden
        rodi urodz dogum تولد متولد ولاده الولاده میلاد المیلاد موالید موالیده lahir lindj datelindja geboorte
        nasterii fødsel fodsel fodt fodelse لەدایکبوون narozen γεννησ 出生 זלידה לידה زیږ г_р год_р$ godist jahrgang
        d_o_b d_tarihi d_yeri
    """,
    "death": """
        death died sterbe gest$ dead deceased killed killing execut dod$ martyr deces decede mort$ morts$ morte$
        muert fallec asesin ejecu ejecut obito falec tod$ todes todest gestorben getotet ermord hinricht hingericht
        расстрел смерт гибел погиб казн$ казни казнен умер$ умерш убит убийств загиб страт smrt pogib ubij ubist
        umrl olum$ olumu vefat oldur sehit sehid اعدام کشته کشته_شدن قتل$ مقتل القتل وفات الوفاه وفاه مرگ فوت شهادت
        شهاده استشهاد الاستشهاد شهید vdekj vrasj zgon zamord meninggal wafat tewas mati$ murder slain homicid shot$
        shooting fusille gefallen overlij deced dod_ θανατ 死亡 מוות פטירה اعدامي tue$ tues$
        o_tarihi o_yeri
        verstorb umgekommen
    """,
    "arrest": """
        arrest detent detain detenc detenid secuest captur$ captura capture verhaft арест арешт задерж hapis uhaps
        uhits tutuk gozalt بازداشت دستگیر اعتقال الاعتقال توقیف التوقیف abduct kidnap enlev خطف الخطف زندانی
        imprison incarcer aprehens areszt zatrzym lisheni
    """,
    "disappear": """
        disappear zhduk desaparec missing last_seen desapari dispar verschw vermisst исчез пропа пропав зниклi зник
        nestao nestan nestal kayip kaybol مفقود الفقدان فقدان ناپدید اختفاء الاختفاء فقد$ zaginion zaginie hilang
        humbur scompar vermist
    """,
    "found": """
        found hallazgo recover recuper обнаруж найден нахожд nadj nadz naden pronad pronal exhum buluna bulunma کشف
        العثور عثور retrouv gefunden znalez
    """,
    "burial": """
        burial buried grave graveyard захорон погреб могил sepult enterr entierro inhum begrab grab$ دفن الدفن گور
        قبر القبر cemetery cementerio cimetiere mezar$ grob$ sahran pochow خاک آرامگاه gomul
    """,
    "event": """
        incident event hecho suceso vorfall событ происшеств واقعه الواقعه حادث الحادث الحدث رویداد olay$ dogad
        zdarz occurr violation violac ataque attack attaque angriff هجوم القصف shelling
    """,
    "report": """
        report complaint denunc denuncia update entry entered added upload publish publica interview submit created
        modified recorded registr denunciat signalement meldung publi anio_denuncia ثبت تسجیل التسجیل النشر نشر
        collected
    """,
    "informant": """
        informant interviewee witness reporter reporting respondent interviewer author relative testigo temoin zeuge
        свидетель شاهد الشاهد راوی مبلغ contact next_of_kin kin$ spouse wife husband همسر زوج الزوج الزوجه conyuge
        epoux epouse ehepartner supruznik guardian declarant denunciante hospital unit$ perpetrator officer judge
    """,
    "date": """
        date dates geburtsdatum sterbedatum todesdatum datum fecha data$ datas$ дата дату tarih tarihi تاریخ التاریخ
        datë tanggal day_of ημερομηνια 日期 תאריך ڕێکەوت نیټه tag$ when$ dato$ jour_de
    """,
    "year": """
        year yr$ annee anno$ ano$ anio$ jahr год$ року рік godina god$ rok$ yil$ yili سال$ سنه السنه العام عام$ viti
        tahun jaar aasta 年$ שנה
        geburtsjahr todesjahr sterbejahr jahrgang godist yob$ birthyear г_р год_р$
    """,
    "month": """
        month mes$ mois$ monat месяц місяць mjesec mesec miesiac ay$ ayi$ ماه$ الشهر muaji bulan maand 月$ חודש
    """,
    "day": "day$ dia$ jour$ giorno tag$ день$ dan$ dzien gun$ gunu$ روز$ یوم$ الیوم dita$ hari$ dag$ 日$ יום",
    "age": """
        age aged ages edad alter$ eta$ idade возраст вік$ лет$ dob_god starost wiek$ yas$ yasi$ سن$ سنش عمر$ العمر
        umur usia mosha leeftijd alder$ 年龄 גיל تەمەن ålder varsta ηλικια age_at
    """,
    "band": """
        cat$ category group band bracket range class$ groupe grupo gruppe группа гр_ گروه_سنی فئه الفئه classe
        tranche
    """,
    "sex": """
        sex gender sexe sexo geschlecht sesso пол$ стать$ spol$ pol$ plec$ cinsiyet جنس الجنس جنسیت gjinia
        jenis_kelamin geslacht kjonn 性别 מין ڕەگەز genero genre genere نوع_الجنس kon$
        m_f$ f_m$ m_w$
    """,
    "place": """
        place local$ geburtsort sterbeort todesort wohnort tatort fundort lugar lieu luogo ort$ местo место места
        місце mjesto mesto miejsce yer$ yeri$ مکان محل$ المکان موقع الموقع vendi tempat plaats loc$ locati localid
        location locality address adresa adresse direccion endereco آدرس عنوان العنوان 地点 מקום where$ site$
        localit
    """,
    "city": """
        city town ville ciudad stadt citta cidade город города місто grad$ sehir شهر$ المدینه مدینه village pueblo
        dorf$ село$ selo$ koy$ koyu$ القریه قریه روستا 市$ qyteti kota desa عیر עיר municip commune comune opstina
        opcina gemeinde settlement البلده بلده town$ camp$ المخیم neighb barrio mahalle mahallesi الحی محله area$
        zona$ zone$ sector منطقه المنطقه ناحیه الناحیه
        населен vendbanim fshat komun
        vereda aldea$ caserio corregim paraje$
    """,
    "province": """
        province provinc state$ estado$ governorate gouvernorat محافظ المحافظه استان ولایت ولایه الولایه область
        области край$ губ$ oblast$ region departam departement district distrito bezirk район района قضاء القضاء
        شهرستان ولسوالی ilce$ il$ ili$ county canton kanton land$ country pais$ pays$ страна zemlja ulke بلد$ البلد
        دوله کشور woreda wilaya kabupaten
    """,
    "prison": """
        prison carcel penal$ gefangnis тюрьм лагер zatvor logor cezaevi زندان سجن السجن المعتقل facility kamp$ jail
    """,
    "origin": """
        origin residence resident home hometown residenc domicil wohn житель прожив местожит prebival boraviste
        ikamet اقامه الاقامه سکونت السکن اصل$ الاصل منشا procedenc oriund нацио nation citizen ethnic موطن المنشا
        address_of nacionalidad natural_de
    """,
    "id": """
        id$ ids$ ident identif identity code$ codigo kod$ kodu$ شناسه کد$ کد_ملی شماره_ملی هویه الهویه رقم_الهویه
        رقم_هویه الرقم_الوطنی رقم_وطنی كود dni$ ci$ haftlingsn haftnr haftn passport jmbg pesel tc$ tckn cnp$ egn$
        iin$ документ document documentos expediente cedula carnet nik$ record$ record_id case$ case_no case_number
        dossier ausweis akte$ дело дела reference_number id_no uid$ uuid$ person_id victim_id personal_no
        personal_number national_no national_number 身份证 זהות kimlik matricul legajo national_id
    """,
    "row": """
        no$ n$ nr$ s_n$ sn$ sr$ sl$ serial row$ line$ index$ № ردیف م$ ت$ رقم$ الرقم$ الرقم_التسلسلی تسلسل مسلسل
        п_п пп$ номер$ num$ numero$ sira lfd_nr lfd$ redni_broj rb$ broj$ nr_crt lp$ 序号 شماره$ item$ s_no sno$
        ordine
    """,
    "number": """
        number count toll total victims people persons dead$ deaths killed number_of العدد عدد$ تعداد число
        количество кол_во кількість cantidad numero_de anzahl nombre_de broj_zrtava broj_ kişi sayi$ sayisi adet
        jumlah liczba quantity people_killed fatalities casualties
    """,
    "status": """
        status fate condition situac situation estado_actual outcome state_of وضع$ الوضع وضعیت سرنوشت الحاله حاله
        مصیر المصیر статус судьба участь durum$ durumu tipific tipo$ type$ category_of verdict classific sudbina
        sudbine confirmed tipo_de_hecho victim_status statut$ schicksal stanje$ akibet akibeti
    """,
    "notes": """
        note notes remark comment observ circumst details description info bemerk anmerk примеч коммент обстоят
        ملاحظ الملاحظات توضیح توضیحات شرح napomena uwagi aciklama notlar not$ opis$ narrative story summary
        observaciones shenime catatan keterangan additional سایر
        remarq приміт napomen
    """,
    "source": """
        source sources fuente quelle fonte источник джерело izvor zrodlo kaynak منبع المصدر مصدر ref$ refs$
        reference references link url$ burimi sumber bron$ citation
    """,
    "cause": """
        cause causa ursache причин uzrok przyczyna sebep neden$ علت سبب السبب نحوه weapon cod$ method manner how$
        طریقه الطریقه circumstances_of_death
    """,
    "other": """
        الاجتماعیه اجتماعیه تاهل marital civil_status familienstand семейное религиозн religion ethnic profession
        occupation job$ beruf професс занят zanimanje meslek شغل المهنه مهنه marital_status education civilian
        military rank$ party$ affiliation organization organisation group$ گروه$ سازمان التنظیم phone email lat$
        latitude lon$ longitude lng$ embaraz pregnan religi وظیفه photo image score dup ovrlp dup_id del_score cod$
        nationality национальн nacionaln narodnost millet جنسیه الجنسیه ملیت تابعیت children family_status
        alter_grup parental height weight hair clothing партий nationalite nacionalidad образов соц
    """,
}
"""Stems by what they are about."""
