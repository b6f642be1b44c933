"""Words that say nothing about what an organisation does:

articles, pronouns, and the phrases in which people ask.
"""

from __future__ import annotations

from kontor.engine.matching.stems import fold

_WRITTEN = {
    "en": "a an the of and or for in on at by to from with without as is are was were be been being it"
    " its this that these those we our us you your they their he she i my who which what where"
    " when how can could will would shall should may might must do does did have has had not no so"
    " if then than also more most other such into over under about between through per via etc all"
    " any some each both up out new use used using based including need needs want wants look"
    " looking search searching seek seeking find offer offers offering provide provides company"
    " companies firm firms partner partners solution solutions project projects please help able"
    " within across while there here",
    "de": "der die das den dem des ein eine einen einem einer eines und oder aber für in im am an auf"
    " aus bei mit nach von vom zu zum zur über unter durch ohne um als wie ist sind war waren sein"
    " wird werden wurde wir unser unsere unseren unserem unserer uns sie ihr ihre ihren ich mein"
    " es man sich nicht kein keine auch noch nur so dass wenn dann mehr sowie bzw kann können soll"
    " sollen muss müssen möchten haben hat hatte diese dieser dieses welche welcher suchen suche"
    " sucht gesucht brauchen braucht benötigen benötigt bieten bietet anbieten unternehmen firma"
    " firmen partner lösung lösungen projekt projekte bitte etwa jemand jemanden einsatz will"
    " wollen möchte wünscht liefern stellen her fertigen bauen entwickeln produzieren kaufen"
    " machen betrieb",
    "nl": "de het een en of maar voor in op aan uit bij met naar van te over onder door zonder om als"
    " zoals is zijn was waren wordt worden werd wij we ons onze u uw zij hun ik mijn er dat die"
    " dit deze niet geen ook nog alleen zo dan meer kan kunnen moet moeten willen wil heeft hebben"
    " welke wie wat zoeken zoek zoekt gezocht nodig hebben bieden biedt bedrijf bedrijven firma"
    " partner partners oplossing oplossingen project projecten graag iemand ten behoeve wenst"
    " maken leveren ontwikkelen produceren kopen bouwen liefst",
    "fr": "le la les l un une des du de d et ou mais pour dans en sur au aux par avec sans sous entre"
    " chez vers comme est sont était être été ce cet cette ces il elle ils elles nous notre nos"
    " vous votre vos je mon ma mes se sa son ses leur leurs qui que quoi dont où ne pas plus aussi"
    " ainsi afin peut peuvent doit doivent avoir a ont cherchons cherche recherche recherchons"
    " recherchent besoin besoins offrons offre proposons propose entreprise entreprises société"
    " sociétés partenaire partenaires solution solutions projet projets qu n s c j y cherchent"
    " souhaite souhaitons souhaitent veut voulons veulent fabriquons produisons développons"
    " fournissons livrons achetons réalisons",
    "it": "il lo la i gli le l un uno una di del della dei delle dello degli d e ed o ma per in nel"
    " nella nei nelle su sul sulla a al alla ai alle da dal dalla con senza tra fra come è sono"
    " era essere stato questo questa questi queste che chi cui noi nostro nostra nostri nostre voi"
    " io si non più anche può possono deve devono avere ha hanno cerchiamo cerca cercasi bisogno"
    " offriamo offre azienda aziende impresa imprese società partner soluzione soluzioni progetto"
    " progetti ci cercano vuole vogliamo vogliono serve necessita produciamo produce fabbrichiamo"
    " realizziamo sviluppiamo forniamo compriamo ditta suo sua",
    "es": "el la los las un una unos unas de del y e o u pero para por en con sin sobre entre a al como"
    " es son era ser sido este esta estos estas ese esa que quien cual nosotros nuestro nuestra"
    " nuestros nuestras su sus se lo no más también puede pueden debe deben haber ha han buscamos"
    " busca buscar necesitamos necesita ofrecemos ofrece empresa empresas socio socios solución"
    " soluciones proyecto proyectos buscan quiere queremos quieren necesitan fabricamos fabrica"
    " producimos desarrollamos suministramos compramos",
    "pt": "o a os as um uma uns umas de do da dos das e ou mas para por em no na nos nas com sem sobre"
    " entre ao à como é são era ser este esta estes estas que quem qual nós nosso nossa nossos"
    " nossas seu sua se não mais também pode podem deve procuramos procura precisamos oferecemos"
    " oferece empresa empresas parceiro parceiros solução soluções projeto projetos procuram quer"
    " queremos querem precisa precisam fabricamos produzimos desenvolvemos fornecemos compramos",
    "ro": "un o unei unui al ai ale a si sau dar pentru in la pe cu fara de din despre intre ca este"
    " sunt era fi care ce noi nostru noastra nostri se nu mai cautam cauta avem nevoie oferim"
    " ofera firma firme companie companii partener parteneri dorește dorim doresc vrea vrem vor"
    " necesită are producem produce fabricăm dezvoltăm livrăm cumpărăm întreprindere să cel cea"
    " cei prin către lor dintr ne",
    "pl": "i oraz lub ale dla w we na z ze do od po o przez bez pod nad przy jak jest są był być który"
    " która które my nasz nasza nasze się nie tak także może mogą musi szukamy poszukujemy szuka"
    " potrzebujemy oferujemy oferuje firma firmy partner partnera partnerów rozwiązanie"
    " rozwiązania projekt projektu to te ten ta poszukuje chce chcemy chcą potrzebuje produkujemy"
    " produkuje robimy wytwarzamy rozwijamy dostarczamy kupujemy spółka przedsiębiorstwo by swój"
    " swoje mamy ma",
    "cs": "a i nebo ale pro v ve na z ze do od po o přes bez pod nad při jak je jsou byl být který"
    " která které my náš naše se ne také může mohou musí hledáme hledá potřebujeme nabízíme nabízí"
    " firma firmy společnost partner partnera řešení projekt projektu to ten ta hledají chce"
    " chceme chtějí potřebuje shání sháníme vyrábíme vyrábí vyvíjíme dodáváme kupujeme podnik by"
    " než svůj své svoje svých si máme má kterých",
    "sk": "a aj alebo ale pre v vo na z zo do od po o cez bez pod nad pri ako je sú bol byť ktorý ktorá"
    " ktoré my náš naše sa nie tiež môže môžu musí hľadáme hľadá potrebujeme ponúkame ponúka firma"
    " firmy spoločnosť partner partnera riešenie hľadajú chce chceme chcú potrebuje zháňa zháňame"
    " vyrábame vyrába vyvíjame dodávame kupujeme podnik by než svoj svoje svojich so si máme má",
    "sl": "in ali ampak za v na z s iz do od po o prek brez pod nad pri kot je so bil biti ki mi naš"
    " naša naše se ne tudi lahko mora iščemo išče potrebujemo ponujamo ponuja podjetje podjetja"
    " partner partnerja rešitev rešitve projekt to ta iščejo želi želimo želijo potrebuje"
    " potrebujejo izdelujemo izdeluje proizvajamo razvijamo dobavljamo kupujemo podjetij naj bi"
    " preden kar svoj svoje svoja svojih ter si imamo ima",
    "hr": "i ili ali za u na s sa iz do od po o preko bez pod nad pri kao je su bio biti koji koja koje"
    " mi naš naša naše se ne također može mogu mora tražimo traži trebamo nudimo nudi tvrtka"
    " tvrtke poduzeće partner partnera rješenje projekt to traže želi želimo žele treba trebaju"
    " izrađujemo proizvodimo razvijamo dobavljamo kupujemo bi prije što svoj svoje svoja te si"
    " imamo ima",
    "da": "en et den det de og eller men for i på til fra af med uden om over under ved som er var være"
    " bliver vi vores os du din deres jeg min der at ikke også kan skal vil må har have denne"
    " dette disse hvem hvad søger leder efter behov brug tilbyder virksomhed virksomheder firma"
    " partner partnere løsning løsninger projekt projekter ønsker ønske søge gerne behøver leverer"
    " laver fremstiller producerer udvikler køber købe bygger måtte få gøre inden så han hun sin"
    " sit sine",
    "sv": "en ett den det de och eller men för i på till från av med utan om över under vid som är var"
    " vara blir vi vår våra oss du din deras jag min att inte också kan ska skall vill måste har"
    " ha denna detta dessa vem vad söker letar efter behov behöver erbjuder företag partner"
    " partners lösning lösningar projekt önskar levererar tillverkar utvecklar köper köpa bygger"
    " gör göra få ut mer så sin sitt sina bolag firma kund gärna",
    "no": "en et den det de og eller men for i på til fra av med uten om over under ved som er var være"
    " blir vi vår våre oss du din deres jeg min at ikke også kan skal vil må har ha denne dette"
    " disse søker leter etter behov tilbyr bedrift ønsker trenger leverer lager produserer"
    " utvikler kjøper bygger bedrifter firma",
    "fi": "ja tai mutta on ovat oli olla ei se ne tämä nämä me meidän te he minä joka jotka mikä että"
    " kun kuin myös voi voivat pitää etsimme etsii tarvitsemme tarjoamme tarjoaa yritys yritykset"
    " kumppani kumppania ratkaisu ratkaisuja hanke kanssa sekä varten haluaa haluamme haluavat"
    " etsivät tarvitsee tarvitsevat valmistamme valmistaa kehitämme toimitamme ostamme yrityksemme"
    " firma jonka oma",
    "hu": "a az egy és vagy de hogy is nem van vannak volt lesz ez ezek aki ami amely mi mely mint csak"
    " meg keresünk keres szükségünk kínálunk kínál cég cégek vállalat partner partnert megoldás"
    " megoldások projekt számára keresnek szeretne szeretnénk szeretnének kellene kell szüksége"
    " gyártunk gyárt készítünk fejlesztünk szállítunk vásárolunk cégünk vállalatunk részére"
    " amelyek saját való",
    "et": "ja või aga on oli olla ei see need me meie te nad kes mis et kui ka võib otsime otsib vajame"
    " pakume pakub ettevõte partner partnerit lahendus lahendused projekt ning soovib soovime"
    " vajab toodame toodab valmistame arendame tarnime ostame ettevõtted firma oma",
    "lt": "ir ar bet yra buvo būti ne tai šis ši mes mūsų jūs jie kuris kuri kad kaip taip pat gali"
    " ieškome ieško reikia siūlome įmonė įmonės partneris sprendimas projektas į iš su be dėl nori"
    " norime reikalinga siūlo gaminame gamina kuriame tiekiame perkame bendrovė kurie savo bei",
    "lv": "un vai bet ir bija būt ne tas šis šī mēs mūsu jūs viņi kurš kura ka kā arī var meklējam"
    " meklē vajag piedāvājam uzņēmums partneris risinājums projekts no ar bez par uz vēlas"
    " vēlamies nepieciešams piedāvā ražojam ražo izstrādājam piegādājam pērkam uzņēmumi firma kas"
    " savu",
    "el": "ο η το οι τα του της των τον την και ή αλλά για σε στο στη στην στον στα από με χωρίς ως"
    " είναι ήταν να θα που ποιος μας εμείς δεν επίσης μπορεί πρέπει αναζητούμε ζητάμε χρειαζόμαστε"
    " προσφέρουμε εταιρεία εταιρείες συνεργάτη λύση έργο θέλει θέλουμε θέλουν αναζητά αναζητούν"
    " ζητά ζητούμε ψάχνει ψάχνουμε χρειάζεται χρειάζονται παρέχουμε κατασκευάζουμε παράγουμε"
    " αναπτύσσουμε προμηθεύουμε επιχείρηση τους ένα μια ενός",
    "bg": "и или но за в във на с със от до по о през без под над при като е са беше бъде който която"
    " което които ние наш наша се не също може трябва търсим търси нуждаем предлагаме предлага"
    " фирма фирми компания партньор решение проект търсят иска искаме искат желае желаем нужда"
    " нуждае има имаме произвеждаме произвежда разработваме доставяме купуваме изработваме фирмата"
    " дружество да си ли преди свой своя своите кой",
    "mt": "u jew iżda għal fi ta tal mill bi mingħajr huwa hija aħna tagħna li ma nfittxu neħtieġu"
    " noffru kumpanija",
    "ga": "an na agus nó ach do i ar le gan ag mar is tá bhí sinn ár a go ní freisin táimid lorg cuideachta",
}

STOPWORDS = {
    language: frozenset(fold(word) for word in words.split()) for language, words in _WRITTEN.items()
}
