"""The words of dates, as people write them: months, seasons, weekdays, numbers, and what stands around them.

Each table maps what is meant to its spellings, apart by commas.  Spellings are folded before they are used
(`estimation.lists.date_text`): letters lose case, accents and hamza, spaces inside a phrase stand for any space, dot or
hyphen or none.  One word can be a month of two calendars: Azar is the ninth Solar month and March in the Levant.
"""

from __future__ import annotations

from typing import TypeAlias

from estimation.lists.calendars import CalendarName

__all__ = [
    "EMPTY",
    "HEMISPHERE_UNKNOWN",
    "MARKS",
    "MISSING",
    "MONTHS",
    "NUMBERS",
    "OTHER_CALENDARS",
    "SEASONS",
    "WEEKDAYS",
    "WORDS",
]

Spellings: TypeAlias = tuple[str, ...]

MONTHS: dict[CalendarName, Spellings] = {
    "gregorian": (
        "gennaio,jänner,січні,január,јануара,janarit,جنوری,"
        "січень,січня,styczeń,stycznia,januari,janar,ianuarie,"
        "january,januara,январе,jan,enero,ene,janvier,janv,janeiro,januar,ocak,январь,января,янв,јануар,јан,siječanj,"
        "siječnja,يناير,"
        "جانفي,كانون الثاني,كانون ثاني,كانون ٢,ژانویه,kanun al thani,kanoun al thani,kanoun thani",
        "febbraio,feber,лютому,február,фебруара,shkurtit,فبروری,"
        "лютий,лютого,luty,lutego,februari,shkurt,februarie,"
        "february,februara,феврале,feb,febr,febrero,février,févr,fev,fevereiro,februar,şubat,февраль,февраля,фев,"
        "фебруар,феб,veljača,"
        "veljače,فبراير,فيفري,شباط,فوریه,shubat,shbat,chbat",
        "maerz,березні,március,marsit,مارچ,"
        "березень,березня,marzec,marca,maret,maart,martie,"
        "march,marta,марте,марта,mar,marzo,mars,março,märz,mart,март,марта,мар,ožujak,ožujka,مارس,آذار,اذار,adhar,"
        "athar,azar",
        "aprile,квітні,április,априла,prillit,اپریل,"
        "квітень,квітня,kwiecień,kwietnia,prill,aprilie,"
        "april,aprila,апреле,apr,abril,abr,avril,avr,nisan,апрель,апреля,апр,април,travanj,travnja,أبريل,ابريل,أفريل,"
        "افريل,نيسان,"
        "آوریل,naysan,nissan",
        "maggio,травні,május,маја,majit,maju,"
        "травень,травня,mei,"
        "may,maja,мае,mayo,mai,maio,mayıs,май,мая,мај,maj,svibanj,svibnja,مايو,ماي,أيار,ايار,مه,می,ayyar,ayar",
        "giugno,червні,június,јуна,qershorit,جون,"
        "червень,червня,czerwiec,czerwca,qershor,iunie,"
        "june,juna,июне,jun,junio,juin,junho,juni,haziran,июнь,июня,июн,јун,јуни,lipanj,lipnja,يونيو,يونيه,جوان,"
        "حزيران,ژوئن,"
        "huzayran,hazeeran",
        "luglio,липні,július,јула,korrikut,"
        "липень,липня,lipiec,lipca,korrik,iulie,"
        "july,jula,июле,jul,julio,juillet,juil,julho,juli,temmuz,июль,июля,июл,јул,јули,srpanj,srpnja,يوليو,يوليه,"
        "جويلية,يوليوز,"
        "تموز,ژوئیه,جولای,tammuz,tamuz,tammouz,tamouz",
        "серпні,augusztus,augusta,gushtit,اگست,"
        "серпень,серпня,sierpień,sierpnia,agustus,augustus,gusht,"
        "august,avgusta,августе,aug,agosto,ago,août,ağustos,август,августа,авг,avgust,avg,kolovoz,kolovoza,أغسطس,"
        "اغسطس,أوت,اوت,غشت,آب,"
        "اب,اوت,آگوست,ab,aab",
        "settembre,вересні,szeptember,септембра,shtatorit,سپتمبر,"
        "вересень,вересня,wrzesień,września,shtator,septembrie,"
        "september,septembra,сентябре,sept,sep,septiembre,setiembre,set,septembre,setembro,eylül,сентябрь,сентября,"
        "сен,сент,септембар,"
        "септ,septembar,rujan,rujna,سبتمبر,شتنبر,أيلول,ايلول,سپتامبر,aylul,aylool,eylul,ayloul",
        "ottobre,жовтні,október,октобра,tetorit,"
        "жовтень,жовтня,październik,października,tetor,octombrie,"
        "october,oktobra,октябре,oct,octubre,octobre,outubro,oktober,okt,ekim,октябрь,октября,окт,октобар,oktobar,"
        "listopad,listopada,"
        "أكتوبر,اكتوبر,تشرين الأول,تشرين اول,تشرين ١,اکتبر,tishrin al awwal,tishreen al awal",
        "листопаді,новембра,nëntorit,studenoga,listopad,listopada,نومبر,"
        "листопад,листопада,nëntor,noiembrie,"
        "november,novembra,ноябре,nov,noviembre,novembre,novembro,kasım,ноябрь,ноября,ноя,нояб,новембар,нов,novembar,"
        "studeni,studenog,"
        "نوفمبر,نونبر,تشرين الثاني,تشرين ثاني,تشرين ٢,نوامبر,tishrin al thani,tishreen al thani",
        "dicembre,грудні,децембра,dhjetorit,دسمبر,"
        "грудень,грудня,grudzień,grudnia,desember,dhjetor,decembrie,"
        "december,decembra,декабре,dec,diciembre,dic,décembre,déc,dezembro,dezember,dez,aralık,декабрь,декабря,дек,"
        "децембар,дец,"
        "decembar,prosinac,prosinca,ديسمبر,دجنبر,كانون الأول,كانون اول,كانون ١,دسامبر,kanun al awwal,kanoun al awal",
    ),
    "solar": (
        "فروردین,حمل,farvardin,farwardin,hamal",
        "اردیبهشت,اردی بهشت,ثور,ordibehesht,ordibehest,sawr,saur,thawr",
        "خرداد,جوزا,khordad,khurdad,jawza,jauza",
        "تیر,سرطان,tir,saratan,sartan",
        "مرداد,امرداد,اسد,mordad,amordad,murdad,asad",
        "شهریور,سنبله,shahrivar,shahriwar,sunbula,sunbulah,sonbola",
        "مهر,میزان,mehr,mizan",
        "آبان,عقرب,aban,aqrab",
        "آذر,قوس,azar,qaws,qows,qaus",
        "دی,جدی,dey,dei,jadi,jaddi",
        "بهمن,دلو,bahman,dalw,dalwa",
        "اسفند,حوت,esfand,isfand,hut,hoot",
    ),
    "islamic": (
        "محرم,محرم الحرام,muharram,moharram,moharam,muharrem",
        "صفر,صفر المظفر,safar",
        "ربيع الأول,ربيع اول,ربيع ١,rabi al awwal,rabi al awal,rabi ul awwal,rabi ul awal,rabi al avval,rabi i,"
        "rabi 1,rabi' al-awal",
        "ربيع الثاني,ربيع الآخر,ربيع ثاني,ربيع ٢,rabi al thani,rabi ath thani,rabi al sani,rabi al akhir,"
        "rabi ul akhir,"
        "rabi ii,rabi 2",
        "جمادى الأولى,جمادى الأول,جمادي اول,جمادى ١,جمادی‌الاولی,jumada al ula,jumada al awwal,jumada i,jumada 1,"
        "jamadi al awwal,jumada al oola",
        "جمادى الآخرة,جمادى الثانية,جمادى الثاني,جمادی ثانی,جمادى ٢,jumada al thani,jumada al thaniya,"
        "jumada al akhira,"
        "jumada al akhirah,jumada al thaniyah,jumada ii,jumada 2,jamadi al thani,jumada ath thaniya",
        "رجب,رجب المرجب,rajab,rejeb",
        "شعبان,شعبان المعظم,shaban,shabaan,chaabane",
        "رمضان,رمضان المبارك,ramadan,ramazan,ramadhan",
        "شوال,shawwal,shawal,shavval",
        "ذو القعدة,ذي القعدة,ذو القعده,ذی قعده,ذیقعده,dhu al qada,dhu al qadah,dhu al qidah,dhul qidah,zil qada,"
        "zul qada,zilqada,dhul qadah,dhul qada,zu al qada,"
        "dhu l qada",
        "ذو الحجة,ذي الحجة,ذی حجه,ذیحجه,dhu al hijja,dhu al hijjah,dhul hijja,dhul hijjah,zilhijja,zu al hijja,"
        "zulhijja,zul hijjah,zilhajj,zil hijja,dhu l hijja",
    ),
}
"""Months in English, Spanish, French, Portuguese, German, Turkish, Russian, Bosnian, Croatian, Serbian, Arabic (the
Levant, Egypt, the Maghreb), Persian; Solar months of Iran and Afghanistan; Islamic months."""

SEASONS: dict[str, str] = {
    "spring": "spring,springtime,primavera,printemps,proljeće,proleće,пролеће,весна,весной,весны,بهار,ربيع,الربيع"
    ",frühling,frühjahr,навесні,весною,pranvera,pranverë,pranverës,ilkbahar,ilkbaharı,bahar,baharı,wiosna,wiosną,wiosny",
    "summer": "summer,summertime,verano,été,verão,ljeto,leto,лето,летом,лета,تابستان,صيف,الصيف"
    ",sommer,estate,літо,літом,влітку,љето,verë,vera,verës,yaz,yazı,lato,latem,lata,u ljeto,u leto",
    "autumn": "autumn,fall,otoño,automne,outono,jesen,осень,осенью,осени,پاییز,پائیز,خزان,خريف,الخريف"
    ",herbst,spätherbst,autunno,осінь,восени,јесен,vjeshta,vjeshtë,vjeshtës,sonbahar,sonbaharı,güz,güzü,jesień,jesienią,jesieni",
    "winter": "winter,wintertime,invierno,hiver,inverno,zima,зима,зимой,зимы,زمستان,شتاء,الشتاء"
    ",взимку,зимою,dimër,dimri,dimrit,kış,kışı,zimą",
}

HEMISPHERE_UNKNOWN = "primavera,verano,otoño,invierno,verão,outono,inverno"
"""Seasons in languages that are written on both halves of the earth by most who write them."""

WEEKDAYS: Spellings = (
    "monday,mon,lunes,lundi,понедельник,понедељак,ponedjeljak,ponedeljak,دوشنبه,دو شنبه,الاثنين,الإثنين,اثنين,"
    "montag,понеділок,понедељка,pazartesi,e hënë,poniedziałek,lunedì,segunda feira",
    "tuesday,tue,tues,martes,mardi,вторник,уторак,utorak,سه شنبه,الثلاثاء,ثلاثاء,"
    "dienstag,вівторок,salı,e martë,wtorek,martedì,terça feira",
    "wednesday,wed,miércoles,mercredi,среда,srijeda,sreda,چهارشنبه,چهار شنبه,الأربعاء,أربعاء,"
    "mittwoch,середа,çarşamba,e mërkurë,środa,mercoledì,quarta feira",
    "thursday,thu,thur,thurs,jueves,jeudi,четверг,четвртак,četvrtak,پنجشنبه,پنج شنبه,الخميس,خميس,"
    "donnerstag,четвер,perşembe,e enjte,czwartek,giovedì,quinta feira",
    "friday,fri,viernes,vendredi,пятница,петак,petak,جمعه,آدینه,الجمعة,"
    "freitag,п'ятниця,cuma,e premte,piątek,venerdì,sexta feira",
    "saturday,sat,sábado,samedi,суббота,субота,subota,شنبه,السبت,سبت,"
    "samstag,sonnabend,субота,cumartesi,e shtunë,sobota",
    "sunday,sun,domingo,dimanche,воскресенье,недеља,nedjelja,nedelja,یکشنبه,یک شنبه,الأحد,"
    "sonntag,неділя,pazar,e diel,niedziela,domenica",
)
"""Monday first, as `datetime.date.weekday` counts."""

MARKS: dict[str, str] = {
    "solar": "sh,h sh,a h sh,ap,shamsi,solar,solar hijri,hijri shamsi,khorshidi,ش,ه ش,هجری شمسی,هجری خورشیدی,شمسی,"
    "خورشیدی",
    "islamic": "a h q,qamari,lunar,lunar hijri,hijri qamari,ق,ه ق,هجری قمری,قمری,هـ,للهجرة",
    "hijri": "ah,a h,hijri,هجری,هجرية",
    "gregorian": "ad,a d,ce,c e,gregorian,miladi,m,م,میلادی,ميلادية,للميلاد,н э,n e",
    "new style": "new style,n s,н ст,нового стиля,по новому стилю,по н ст",
    "old style": "old style,o s,julian,ст ст,старого стиля,по старому стилю,по ст ст",
    "other": "e c,ec,eth cal,ethiopian,b e,be,hebrew,coptic,kurdish,rumi,rumî,شاهنشاهی,shahanshahi,imperial,"
    "bikram,b s,v s,saka,ዓ ም",
}
"""Which calendar a date is in; "hijri" can be Solar or Islamic; "other" is none that is read."""

OTHER_CALENDARS = (
    "meskerem,tikimt,teqemt,hidar,hedar,tahsas,tahisas,yekatit,megabit,miyazya,miazia,ginbot,genbot,sene,hamle,"
    "nehase,"
    "nehasse,pagume,pagumen,tishri,tishrei,cheshvan,kislev,tevet,shvat,adar,iyar,sivan,elul,thout,paopi,hathor,koiak,"
    "baisakh,jestha,ashadh,shrawan,bhadra,ashwin,kartik,mangsir,poush,magh,falgun,chaitra,"
    "መስከረም,ጥቅምት,ኅዳር,ህዳር,ታኅሣሥ,ጥር,የካቲት,መጋቢት,ሚያዝያ,ግንቦት,ሰኔ,ሐምሌ,ነሐሴ,ጳጉሜን"
)
"""Months of calendars that are not read."""

WORDS: dict[str, str] = {
    "or": "або,чи,lub,ose,veya,ya da,o bien,o también,"
    "or,یا,أو,او,или,o,ou,ili,или же,по другим данным,according to other data,oder,also given as",
    "and": "dhe,та,і,and,و,و تا,y,et,и,i,e,und,&",
    "between": "zwischen,zwischen dem,між,ndërmjet,midis,między,pomiędzy,fra,tra,entre el,entre los días,"
    "entre le,између,"
    "between,بین,مابین,بين,ما بين,между,entre,između,izmedju",
    "from": "vom,з,від,dal,nga,nacht vom,nacht vom,nuit du,noche del,in der nacht vom,в ночь с,у ніч з,"
    "u noći između,од,"
    "from,از,من,с,со,desde,od,du,since then from",
    "to": "auf,auf den,на,bis zum,ile,au,al,to,till,until,through,thru,تا,إلى,الى,حتى,по,до,hasta,al,do,au,a,bis",
    "after": "nach,nach dem,після,после,pas,po,dopo,dopo il,depois de,após,sonra,sonrası,sonrasında,"
    "after,later than,پس از,بعد از,بعد,после,después de,despues del,nakon,poslije,après",
    "since": "seit,seit dem,ab,з того часу,не раніше,"
    "since,not before,no earlier than,منذ,не раньше,не ранее,desde el,depuis",
    "before": "vor,vor dem,пре,раніше,para,przed,prima del,prima di,antes de,önce,öncesi,öncesinde,до початку,"
    "ранее,"
    "before,prior to,پیش از,قبل از,قبل,до того как,раньше,antes de,antes del,prije,pre,avant",
    "equals": "equals,equal to,corresponding to,that is,i e,برابر با,برابر,مطابق با,مطابق,معادل,الموافق,الموافق ل,"
    "موافق",
    "by": "bis,spätestens,не пізніше,by,not after,no later than,не позднее,не позже,a más tardar",
    "about": "um,etwa,ungefähr,gegen,um das jahr,ok,env,cerca de,por volta de,verso,verso il,приблизно,близько,"
    "бл,орієнтовно,око,rreth,rreth vitit,yaklaşık,tahminen,civarı,civarında,dolayları,dolaylarında,"
    "około,sekitar,prebl,unos,más o menos,"
    "about,around,approximately,approx,circa,ca,c,cca,abt,~,±,≈,estimated,est,possibly,probably,حدود,"
    "در حدود,"
    "حدودا,تقریبا,تقريبا,حوالي,نحو,около,ок,примерно,hacia,alrededor de,aproximadamente,aprox,circa de,oko,otprilike,"
    "environ,vers",
    "early": "anfang,beginn,a comienzos de,a inicios de,début de,au début de,início de,inicio de,começo de,"
    "inizio,inizio di,початок,на початку,поч,почетак,почетком,fillimi i,fillim të,në fillim të,"
    "në fillim,başı,başında,başları,początek,na początku,awal,first week of,erste woche,"
    "primera semana de,"
    "early,early in,beginning of,the beginning of,start of,the start of,begin,اوایل,اوائل,آغاز,ابتدای,بداية,"
    "أوائل,مطلع,начало,начале,в начале,principios de,a principios de,comienzos de,inicios de,početak,početkom,"
    "pocetkom,début",
    "mid": "mitte,mi,à la mi,mediados,meados de,metà,metà di,a metà,середина,в середині,у середині,средина,"
    "средином,mesi i,mes të,në mes të,ortası,ortasında,ortaları,połowa,w połowie,pertengahan,"
    "halfway through,"
    "mid,middle of,the middle of,اواسط,نیمه,میانه,منتصف,أواسط,середина,середине,в середине,mediados de,"
    "a mediados de,sredina,sredinom",
    "late": "ende,à la fin de,fin de,finales,final de,fim de,fine,fine di,alla fine di,кінець,наприкінці,"
    "в кінці,у кінці,крај,крајем,fundi i,fund të,në fund të,sonu,sonunda,sonları,koniec,pod koniec,"
    "akhir,last week of,última semana de,letzte woche,"
    "late,late in,end of,the end of,اواخر,پایان,انتهای,أواخر,نهاية,конец,конце,в конце,fines de,a fines de,"
    "finales de,a finales de,kraj,krajem,fin",
    "first half": "first half of,the first half of,نیمه اول,النصف الأول من,первая половина,primera quincena de,"
    "prva polovina",
    "second half": "second half of,the second half of,نیمه دوم,النصف الثاني من,вторая половина,segunda quincena de,"
    "druga polovina",
    "decade": "années,anni,anos,lata,godine prošlog,decennio,jaren,dekada,"
    "s,'s,decade,دهه,عقد,الخمسينات,е годы,е гг,década de",
    "age": "age,aged,years old,year old,yrs,yr old,y o,ساله,سن,سالگی,عمره,عمرها,العمر,años de edad,edad,лет,god star",
    "year": "jahr,im jahr,im jahre,jahre,yılı,yılında,vitit,année,en l'année,nel,roku,r,в році,году,годину,године,"
    "години,година,"
    "р,рік,року,р н,рік народження,tahun,viti,rok,"
    "year,the year,سال,در سال,عام,سنة,سنه,г,год,года,году,"
    "г р,год рождения,гг,годы,годах,año,ano,anio,godine,"
    "god,g,"
    "born in,لعام,year of birth,г рожд,roku",
    "": "am,im,den,dem,il,më,në,o,datë,data,tarihinde,arası,arasında,w,dnia,jahres,utc,gmt,ujutro,ujutru,"
    "uveče,navečer,noću,night,at night,in the night,early morning,утром,вечером,ночью,днем,à l'aube,"
    "matin,le matin,soir,le soir,nuit,por la noche,por la mañana,por la tarde,al amanecer,morgens,"
    "abends,nachts,früh,sabah,sabaha karşı,akşam,gece,صباحا,مساء,ليلا,فجرا,ظهرا,صبح,عصر,ظهر,بامداد,"
    "unknown date,date unknown,day unknown,unknown day,day not known,exact date unknown,"
    "exact date not known,year only,month only,one day in,some day in,some time in,sometime in,"
    "вранці,вночі,ввечері,уночі,godina,u noći,вранцi,"
    "the,of,on,in,at,day,month,de,del,el,la,los,d,le,en,dia,día,mes,روز,ماه,در,به,يوم,اليوم,شهر,لشهر,من شهر,في,"
    "بتاريخ,تاریخ,مورخ,مورخه,born,b,died,killed,executed,arrested,nacido,nacida,rođen,rođena,rođ,родился,"
    "родилась,род,"
    "madrugada,madrugada del,noche,noche del,tarde,mañana,morning,evening,dawn,midnight,noon,"
    "числа,дня,в,у,dana,dan,the night of,night of,شب,ليلة,date,dated,dne,u",
}
"""What stands around the numbers and months of a date; what stands under "" says nothing."""

MISSING = (
    "u k,date inconnue,non connu,nsp,unbekannt,datum unbekannt,ohne datum,o d,k a,nicht bekannt,data sconosciuta,"
    "sconosciuto,sconosciuta,senza data,ignota,ignoto,desconhecido,desconhecida,data desconhecida,sem informação,"
    "дата неизвестна,без даты,б д,невідома,невідомий,дата невідома,не відомо,н в,нема података,н п,није познато,"
    "nepoznat datum,bez datuma,nije poznato,e panjohur,nuk dihet,pa datë,s ka të dhëna,ska të dhëna,belirsiz,"
    "bilinmeyen,tarih yok,tarihi bilinmiyor,meçhul,yok,brak,data nieznana,nie wiadomo,لم يحدد,لم تحدد,"
    "tbc,pending,not determined,undetermined,to be confirmed,unclear,"
    "не встановлено,не встановлена,не встановлений,невідомо,немає даних,i panjohur,panjohur,tidak diketahui,"
    "nieznana,nieznany,brak danych,sem data,sem dados,"
    "unknown,unknow,unkown,unk,not known,n k,nk,n a,na,n d,"
    "nd,nan,nat,none,null,nil,not available,not recorded,"
    "not given,not stated,not specified,unspecified,undated,no date,no data,missing,tbd,tba,blank,date unknown,"
    "unknown date,dk,don't know,not applicable,"
    "نامعلوم,نا معلوم,نامشخص,نا مشخص,ناشناس,ندارد,نمی دانم,نمیدانم,بی تاریخ,بدون تاریخ,تاریخ نامعلوم,نامعین,"
    "معلوم نیست,"
    "مشخص نیست,مجهول,"
    "غير معروف,غير معروفة,غير معلوم,غير معلومة,غير محدد,غير محددة,غير متوفر,غير متوفرة,لا يوجد,غير مذكور,غير مسجل,"
    "مجهول التاريخ,لا يعرف,بلا تاريخ,بدون,"
    "неизвестно,неизвестна,неизвестен,неизв,не известно,не известна,не установлено,не установлена,не установлен,"
    "нет сведений,нет данных,н д,н у,не указано,не указана,сведений нет,непознато,непознат,"
    "sin datos,sin dato,sin datos fecha,sin fecha,fecha desconocida,s f,desconocido,desconocida,se desconoce,s d,"
    "no consta,se ignora,"
    "ignorado,sin información,sin informacion,no sabe,"
    "nepoznato,nepoznat,nepoznata,n p,nema podataka,nema podatka,bez podataka,"
    "inconnu,inconnue,non précisé,sans date,bilinmiyor"
)
"""Words that say that a value is not known, in the languages of lists."""

EMPTY = "?,؟,-,--,---,----,.,..,...,…,*,x,xx,xxx,/,//,_,__,0,00,000,0000,#n/a,#ref!,#value!,#num!,n/k,n/a,s/d"
"""Signs that stand for no value."""

_UNITS = {
    1: "one,first,اول,یک,یکم,واحد,حادي,uno,primero,primer,un,первое,первого,prvi,prvog",
    2: "two,second,دو,دوم,اثنان,اثنين,ثاني,dos,segundo,второе,второго,drugi,drugog",
    3: "three,third,سه,سوم,ثلاث,ثلاثة,ثالث,tres,tercero,третье,третьего,treći,trećeg",
    4: "four,fourth,چهار,چهارم,أربع,أربعة,رابع,cuatro,четвертое,четвертого,četvrti",
    5: "five,fifth,پنج,پنجم,خمس,خمسة,خامس,cinco,пятое,пятого,peti,petog",
    6: "six,sixth,شش,ششم,ست,ستة,سادس,seis,шестое,шестого,šesti",
    7: "seven,seventh,هفت,هفتم,سبع,سبعة,سابع,siete,седьмое,седьмого,sedmi",
    8: "eight,eighth,هشت,هشتم,ثمان,ثمانية,ثماني,ثامن,ocho,восьмое,восьмого,osmi",
    9: "nine,ninth,نه,نهم,تسع,تسعة,تاسع,nueve,девятое,девятого,deveti",
}
_TEENS = {
    10: "ten,tenth,ده,دهم,عشر,عشرة,عاشر,diez,десятое,десятого,deseti",
    11: "eleven,eleventh,یازده,یازدهم,once,одиннадцатое,одиннадцатого,jedanaesti",
    12: "twelve,twelfth,دوازده,دوازدهم,doce,двенадцатое,двенадцатого,dvanaesti",
    13: "thirteen,thirteenth,سیزده,سیزدهم,trece,тринадцатое,тринадцатого,trinaesti",
    14: "fourteen,fourteenth,چهارده,چهاردهم,catorce,четырнадцатое,четырнадцатого,četrnaesti",
    15: "fifteen,fifteenth,پانزده,پانزدهم,quince,пятнадцатое,пятнадцатого,petnaesti",
    16: "sixteen,sixteenth,شانزده,شانزدهم,dieciséis,шестнадцатое,шестнадцатого,šesnaesti",
    17: "seventeen,seventeenth,هفده,هفدهم,diecisiete,семнадцатое,семнадцатого,sedamnaesti",
    18: "eighteen,eighteenth,هجده,هجدهم,هیجده,هیجدهم,dieciocho,восемнадцатое,восемнадцатого,osamnaesti",
    19: "nineteen,nineteenth,نوزده,نوزدهم,diecinueve,девятнадцатое,девятнадцатого,devetnaesti",
}
_TENS = {
    20: "twenty,twentieth,بیست,بیستم,عشرون,عشرين,veinte,двадцать,двадцатое,двадцатого,dvadeset,dvadeseti",
    30: "thirty,thirtieth,سی,سی ام,سیام,ثلاثون,ثلاثين,treinta,тридцать,тридцатое,тридцатого,trideset,trideseti",
    40: "forty,چهل,أربعون,أربعين,cuarenta,сорок",
    50: "fifty,پنجاه,خمسون,خمسين,cincuenta,пятьдесят",
    60: "sixty,شصت,شصتم,ستون,ستين,sesenta,шестьдесят",
    70: "seventy,هفتاد,سبعون,سبعين,setenta,семьдесят",
    80: "eighty,هشتاد,ثمانون,ثمانين,ochenta,восемьдесят",
    90: "ninety,نود,تسعون,تسعين,noventa,девяносто",
}
_SPANISH_TWENTIES = {
    20 + unit: f"veinti{word}"
    for unit, word in enumerate(["uno", "dos", "trés", "cuatro", "cinco", "séis", "siete", "ocho", "nueve"], start=1)
}
_HUNDREDS = {
    100: "hundred,صد,مائة,مئة,ciento,cien,сто",
    200: "دویست,مائتان,مئتان,doscientos,двести",
    300: "سیصد,ثلاثمائة,ثلاثمئة,trescientos,триста",
    400: "چهارصد,أربعمائة,أربعمئة,cuatrocientos,четыреста",
    900: "نهصد,تسعمائة,تسعمئة,novecientos,девятьсот",
    1000: "thousand,هزار,ألف,mil,тысяча",
    2000: "ألفان,ألفين",
}
NUMBERS: dict[int, str] = {**_UNITS, **_TEENS, **_TENS, **_SPANISH_TWENTIES, **_HUNDREDS}
"""Numbers in words, cardinal and ordinal: English, Persian, Arabic, Spanish; ordinal in Russian and Bosnian."""
