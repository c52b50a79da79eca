"""The names of the months in some eighty languages, as the Unicode CLDR writes them.

Lower case, without the final stop; full and short forms, nominative and genitive. Where two
languages disagree the one with more readers wins: "listopad" is November (Polish, Czech), not
October (Croatian).
"""

from __future__ import annotations

_NAMES = (
    """
    january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuuta tammi
    tammikuu janúar stycznia sty styczeń ledna led leden januára január ianuarie ian януари
    яну ιανουαρίου ιαν ιανουάριοσ января янв январь січня січ січень студзеня сту студзень
    јануар јан siječnja sij siječanj јануари janar sausio saus sausis janvāris jaanuar jaan
    eanáir ean ionawr ion urtarrila urt gener xaneiro xan jannar ocak oca yanvar yan қаңтар
    қаң ýanwar ýan հունվարի հնվ հունվար იანვარი იან يناير ژانویهٔ ژانویه ינואר ינו׳ जनवरी जन॰
    জানুয়ারী জানু جنوری ஜனவரி ஜன జనవరి జన ജനുവരി ജനു ಜನವರಿ ಜನ जानेवारी जाने જાન્યુઆરી જાન્યુ
    ਜਨਵਰੀ ਜਨ ජනවාරි ජන มกราคม มค មករា ມັງກອນ ມກ ဇန်နဝါရီ ဇန် 一月 ጃንዋሪ ጃን janairu jenụwarị jen
    janaayo jannaayo januwari januarie جنوري rêbendan rbn январ schaner schan jänner جانفي
    """,
    """
    february feb februar février févr febrero febbraio fevereiro fev februari helmikuuta helmi
    helmikuu febrúar lutego lut luty února úno únor februára február febr februarie февруари
    фев φεβρουαρίου φεβ φεβρουάριοσ февраля февр февраль лютого лют лютий лютага люты фебруар
    феб veljače velj veljača shkurt shk vasario vas vasaris februāris veebruar veebr feabhra
    feabh chwefror chwef chw otsaila ots febrer febreiro frar fra şubat şub fevral ақпан ақп
    fewral few փետրվարի փտվ փետրվար თებერვალი თებ فبراير فوریهٔ فوریه פברואר פבר׳ फ़रवरी फ़र॰
    ফেব্রুয়ারী ফেব فروری பிப்ரவரி பிப் ఫిబ్రవరి ఫిబ్ర ഫെബ്രുവരി ഫെബ്രു ಫೆಬ್ರವರಿ ಫೆಬ್ರ
    फेब्रुवारी फेब्रु ફેબ્રુઆરી ફેબ્રુ ਫ਼ਰਵਰੀ ਫ਼ਰ फेब्रुअरी පෙබරවාරි පෙබ กุมภาพันธ์ กพ pebrero
    peb កុម្ភៈ ກຸມພາ ກພ ဖေဖော်ဝါရီ ဖေ 二月 ፌብሩዋሪ ፌብ faburairu fab febrụwarị febraayo februwari
    فبروري فېبروري sibat sbt феврал favrer favr feber fevrier pebruari subat شباط فيفري
    """,
    """
    march mar märz mär mars marzo março maart mrt marts maaliskuuta maalis maaliskuu marca
    marzec března bře březen marec március márc martie март μαρτίου μαρ μάρτιοσ μάρ марта мар
    березня бер березень сакавіка сак сакавік ožujka ožu ožujak mart kovo kov kovas märts
    márta mawrth maw martxoa març marzu наурыз нау մարտի մրտ մարտ მარტი მარ مارس מרץ मार्च
    মার্চ مارچ மார்ச் மார் మార్చి മാർച്ച് മാർ ಮಾರ್ಚ್ માર્ચ ਮਾਰਚ මාර්තු මාර් มีนาคม มีค maret
    mac marso មីនា ມີນາ ມນ မတ် 三月 machi ማርች maris maachị maa maarso mashi mas adar adr mäerz
    mäe mrz maerz آذار
    """,
    """
    april apr avril avr abril abr aprile huhtikuuta huhti huhtikuu apríl kwietnia kwi kwiecień
    dubna dub duben apríla április ápr aprilie април апр απριλίου απρ απρίλιοσ апреля апрель
    квітня квіт квітень красавіка кра красавік travnja tra travanj prill pri balandžio bal
    balandis aprīlis aprill aibreán aib ebrill ebr apirila api d’abril d’abr nisan nis aprel
    сәуір сәу ապրիլի ապր ապրիլ აპრილი აპრ أبريل آوریل אפריל אפר׳ अप्रैल এপ্রিল এপ্রি اپریل
    ஏப்ரல் ஏப் ఏప్రిల్ ఏప్రి ഏപ്രിൽ ഏപ്രി ಏಪ್ರಿಲ್ ಏಪ್ರಿ एप्रिल एप्रि એપ્રિલ ਅਪ੍ਰੈਲ ਅਪ੍ਰੈ
    अप्रिल අප්‍රේල් เมษายน เมย មេសា ເມສາ ມສ ဧပြီ 四月 aprili ኤፕሪል ኤፕሪ afirilu afi epreel epr
    abriil ephreli eph nîsan nsn апрел abrëll d’avrigl avrigl ابريل إبريل نيسان أفريل
    """,
    """
    may mai mayo maggio mag maio mei maj toukokuuta touko toukokuu maí maja května kvě květen
    mája máj május май μαΐου μαΐ μάιοσ μάι мая травня трав травень мај svibnja svi svibanj
    gegužės geg gegužė maijs bealtaine beal maiatza maig mejju mej mayıs мамыр мам maý մայիսի
    մյս մայիս მაისი მაი مايو مهٔ مه מאי मई মে مئی மே మే മേയ് ಮೇ मे મે ਮਈ මැයි พฤษภาคม พค ឧសភា
    ພຶດສະພາ ພພ မေ 五月 ሜይ mayu mee maayo meyi mey مۍ gulan gln matg أيار ماي
    """,
    """
    june jun juni juin junio giugno giu junho kesäkuuta kesä kesäkuu júní jún czerwca cze
    czerwiec června čvn červen júna június iunie iun юни ιουνίου ιουν ιούνιοσ ιούν июня июн
    июнь червня черв червень чэрвеня чэр чэрвень јун lipnja lipanj junij јуни qershor qer
    birželio birž birželis jūnijs jūn juuni meitheamh meith mehefin meh ekaina eka juny xuño
    ġunju ġun haziran haz iyun iyn маусым мау iýun հունիսի հնս հունիս ივნისი ივნ يونيو ژوئن
    יוני जून জুন جون ஜூன் జూన్ ജൂൺ ಜೂನ್ જૂન ਜੂਨ जुन ජූනි มิถุนายน มิย hunyo hun មិថុនា ມິຖຸນາ
    ມິຖ ဇွန် 六月 ጁን yuni yun juu juun junie hezîran hzr zercladur zercl حزيران جوان
    """,
    """
    july jul juli juillet juil julio luglio lug julho heinäkuuta heinä heinäkuu júlí júl lipca
    lip lipiec července čvc červenec júla július iulie iul юли ιουλίου ιουλ ιούλιοσ ιούλ июля
    июл июль липня лип липень ліпеня ліп ліпень јул srpnja srpanj julij јули korrik korr
    liepos liep liepa jūlijs jūl juuli iúil gorffennaf gorff gor uztaila uzt juliol xullo xul
    lulju lul temmuz tem iyul iyl шілде шіл iýul հուլիսի հլս հուլիս ივლისი ივლ يوليو ژوئیهٔ
    ژوئیه יולי जुलाई जुल॰ জুলাই জুল جولائی ஜூலை జులై ജൂലൈ ಜುಲೈ जुलै જુલાઈ ਜੁਲਾਈ ਜੁਲਾ ජූලි
    กรกฎาคม กค julai hulyo hul កក្កដា ກໍລະກົດ ກລ ဇူလိုင် ဇူ 七月 ጁላይ yuli yul julaị luulyo
    julayi julie جولای tîrmeh trm fanadur fan تموز جويلية
    """,
    """
    august aug août agosto ago augustus augusti elokuuta elo elokuu ágúst ágú sierpnia sie
    sierpień srpna srp srpen augusta augusztus август авг αυγούστου αυγ αύγουστοσ αύγ августа
    серпня серп серпень жніўня жні жнівень kolovoza kol kolovoz avgust avg gusht gush
    rugpjūčio rugp rugpjūtis augusts lúnasa lún awst abuztua abu d’agost d’ag agost ag awwissu
    aww ağustos ağu avqust avq тамыз там awgust awg օգոստոսի օգս օգոստոս აგვისტო აგვ أغسطس اوت
    אוגוסט אוג׳ अगस्त अग॰ আগস্ট আগ اگست ஆகஸ்ட் ஆக ఆగస్టు ఆగ ഓഗസ്റ്റ് ഓഗ ಆಗಸ್ಟ್ ಆಗ ऑगस्ट ऑग
    ઑગસ્ટ ਅਗਸਤ ਅਗ अगस्ट අගෝස්තු අගෝ สิงหาคม สค agustus agu ogos ogo សីហា ສິງຫາ ສຫ ဩဂုတ် 八月
    agosti ኦገስት ኦገስ agusta ọgọọst ọgọ ogs ogosto agasti aga اګست tebax tbx d’avust avust aout
    agustos اغسطس آب أوت
    """,
    """
    september sep sept septembre septiembre settembre set setembro syyskuuta syys syyskuu
    września wrz wrzesień září zář septembra szeptember szept septembrie септември сеп
    σεπτεμβρίου σεπ σεπτέμβριοσ сентября сент сентябрь вересня вер вересень верасня верасень
    септембар rujna ruj rujan septembar shtator sht rugsėjo rugs rugsėjis septembris mfómh
    medi iraila ira setembre settembru eylül eyl sentyabr sen қыркүйек қыр сен sentabr
    sentýabr սեպտեմբերի սեպ սեպտեմբեր სექტემბერი სექ سبتمبر سپتامبر ספטמבר ספט׳ सितंबर सित॰
    সেপ্টেম্বর সেপ ستمبر செப்டம்பர் செப் సెప్టెంబర్ సెప్టెం സെപ്റ്റംബർ സെപ്റ്റം ಸೆಪ್ಟೆಂಬರ್
    ಸೆಪ್ಟೆಂ सप्टेंबर सप्टें સપ્ટેમ્બર સપ્ટે ਸਤੰਬਰ ਸਤੰ सेप्टेम्बर සැප්තැම්බර් සැප් กันยายน กย
    setyembre កញ្ញា ກັນຍາ ກຍ စက်တင်ဘာ စက် 九月 septemba ሴፕቴምበር ሴፕቴ satumba sat sebtembar seb
    sebteembar septhemba سېپتمبر سپتمبر îlon îln сентябр settember sett setiembre eylul أيلول
    """,
    """
    october oct oktober okt octobre octubre ottobre ott outubro out lokakuuta loka lokakuu
    október października paź październik října říj říjen októbra octombrie октомври окт
    οκτωβρίου οκτ οκτώβριοσ октября октябрь жовтня жовт жовтень кастрычніка кас кастрычнік
    октобар oktobar tetor tet spalio spal spalis oktobris oktoober dfómh hydref hyd urria urr
    d’octubre d’oct ottubru ekim eki oktyabr қазан қаз oktabr oktýabr հոկտեմբերի հոկ հոկտեմբեր
    ოქტომბერი ოქტ أكتوبر اکتبر אוקטובר אוק׳ अक्टूबर अक्टू॰ অক্টোবর অক্টো اکتوبر அக்டோபர் அக்
    అక్టోబర్ అక్టో ഒക്‌ടോബർ ഒക്ടോ ಅಕ್ಟೋಬರ್ ಅಕ್ಟೋ ऑक्टोबर ऑक्टो ઑક્ટોબર ઑક્ટો ਅਕਤੂਬਰ ਅਕਤੂ
    अक्टोबर ඔක්තෝබර් ඔක් ตุลาคม ตค oktubre តុលា ຕຸລາ ຕລ အောက်တိုဘာ အောက် 十月 oktoba ኦክቶበር ኦክቶ
    ọktoba ọkt oktoobar okthoba cotmeh cot октябр d’october اكتوبر
    """,
    """
    november nov novembre noviembre novembro marraskuuta marras marraskuu nóvember nóv
    listopada lis listopad listopadu novembra noiembrie ноември ное νοεμβρίου νοε νοέμβριοσ
    νοέ ноября нояб ноябрь листопада лист листопад лістапада ліс лістапад новембар нов
    studenoga stu studeni novembar nëntor nën lapkričio lapkr lapkritis novembris samhain samh
    tachwedd tach azaroa aza novembru kasım kas noyabr noy қараша қар ноя noýabr noý նոյեմբերի
    նոյ նոյեմբեր ნოემბერი ნოე نوفمبر نوامبر נובמבר נוב׳ नवंबर नव॰ নভেম্বর নভে نومبر நவம்பர் நவ
    నవంబర్ నవం നവംബർ നവം ನವೆಂಬರ್ ನವೆಂ नोव्हेंबर नोव्हें નવેમ્બર નવે ਨਵੰਬਰ ਨਵੰ नोभेम्बर
    නොවැම්බර් නොවැ พฤศจิกายน พย nobyembre nob វិច្ឆិកា ພະຈິກ ພຈ နိုဝင်ဘာ နို 十一月 novemba ኖቬምበር
    ኖቬም nuwamba nuw noofeembar nof mijdar mjd ноябр nopember kasim
    """,
    """
    december dec dezember dez décembre déc diciembre dic dicembre dezembro desember des
    joulukuuta joulu joulukuu grudnia gru grudzień prosince pro prosinec decembra decembrie
    декември дек δεκεμβρίου δεκ δεκέμβριοσ декабря декабрь грудня груд грудень снежня сне
    снежань децембар дец prosinca prosinac decembar dhjetor dhj gruodžio gruod gruodis
    decembris detsember dets nollaig noll rhagfyr rhag abendua abe desembre decembro diċembru
    diċ aralık ara dekabr dek желтоқсан жел դեկտեմբերի դեկ դեկտեմբեր დეკემბერი დეკ ديسمبر
    دسامبر דצמבר דצמ׳ दिसंबर दिस॰ ডিসেম্বর ডিসে دسمبر டிசம்பர் டிச డిసెంబర్ డిసెం ഡിസംബർ ഡിസം
    ಡಿಸೆಂಬರ್ ಡಿಸೆಂ डिसेंबर डिसें ડિસેમ્બર ડિસે ਦਸੰਬਰ ਦਸੰ डिसेम्बर දෙසැම්බර් දෙසැ ธันวาคม ธค
    disember dis disyembre ធ្នូ ທັນວາ ທວ ဒီဇင်ဘာ ဒီ 十二月 desemba ዲሴምበር ዲሴም disamba disemba
    diseembar berfanbar brf декабр decembre aralik
    """,
)

# Name, folded, to the number of its month.
MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
