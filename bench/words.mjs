// SPDX-License-Identifier: Apache-2.0
// What generate.mjs makes its texts of: words of the work between cities in four languages, and how they join.
const words = (text) => text.trim().split(/\s*[,\n]\s*/);

const english = {
    code: 'en',
    joiner: ' ',
    end: '.',
    gap: ' ',
    onsets: words('b,br,c,ch,cl,cr,d,dr,dw,f,fl,fr,g,gl,gr,h,j,k,kn,l,m,n,p,ph,pl,pr,qu,r,s,sc,sh,sk,sl,sn,st,str,sw,t,th,tr,tw,v,w,wh,wr,y'),
    vowels: words('a,e,i,o,u,ai,au,ea,ee,ey,ie,oa,oo,ou,ow,y'),
    codas: words('b,ck,d,dge,ft,g,l,ld,ll,m,mp,n,nd,ng,nt,p,r,rd,rk,rm,rn,s,sh,sk,ss,st,t,th,tt,w,x,ley,ton,by,ham'),
    capital: true,
    actions: words('train,advise,equip,restore,map,monitor,redesign,pilot,exchange,survey,replant,insulate,repair,digitise,inspect,publish,host,teach,measure,reuse,widen,dredge,electrify,document,translate,evaluate,finance,plan,rehearse,compare,clean,collect,compost,drill,light,pave,rewire,rebuild,sample,shelter,sort,store,treat,vaccinate,coach,visit,audit,renew,archive,enlarge'),
    tails: words('works,yard,line,hall,house,gate,way,field,shed,bank,store,desk,path,court,ward,pool,bridge,tower,garden,wall,lane,dock,room,plant,grid,farm,club,team,fair,week,fund,plan,watch,guard,shop,mill,park,pier,post,stop,square,cellar,annex,corner,scheme,survey,office,network,centre,station'),
    ends: words('so that costs fall,before the rains,with volunteers,after the earthquake,for newcomers,during two winters,under a joint budget,without new debt,by public tender,with schools,for older residents,in three districts,at half the price,on former rail land,with local builders,for women traders,along the ring road,near the old harbour,within the yearly plan,as agreed by both mayors,through staff exchange,with spare parts,after open hearings,to cut losses,against heat waves,for night workers,with sensors,by hand,under supervision,over five seasons'),
    sentence: (a) => [a.verb(), a.thing() + ',', a.thing(), 'and', a.thing(), 'in', a.place(), a.place() + ',', a.place(), a.rest()],
};

const spanish = {
    code: 'es',
    joiner: ' ',
    end: '.',
    gap: ' ',
    onsets: words('b,br,c,ch,cl,cr,d,dr,f,fl,fr,g,gl,gr,gu,h,j,l,ll,m,n,ñ,p,pl,pr,qu,r,s,t,tr,v,y,z'),
    vowels: words('a,e,i,o,u,á,é,í,ó,ia,ie,io,ua,ue,au,ei'),
    codas: words('l,n,r,s,z,d,ca,co,da,do,ga,gua,jo,la,llo,mo,na,no,ra,res,ro,sa,ta,tes,va,yo,zo'),
    capital: true,
    actions: words('capacitar,asesorar,equipar,restaurar,cartografiar,vigilar,rediseñar,ensayar,intercambiar,encuestar,reforestar,aislar,reparar,digitalizar,inspeccionar,publicar,acoger,enseñar,medir,reutilizar,ampliar,dragar,electrificar,documentar,traducir,evaluar,financiar,planificar,comparar,limpiar,recoger,compostar,perforar,iluminar,pavimentar,reconstruir,muestrear,albergar,clasificar,almacenar,depurar,vacunar,acompañar,visitar,auditar,renovar,archivar,ensanchar,conectar,sembrar'),
    tails: words('ería,ero,eros,era,eras,ista,istas,ado,ados,ada,adas,ante,antes,ario,arios,aria,eño,eños,eña,al,ales,aje,ajes,amiento,ancia,ez,oso,osos,osa,ura,uras,illo,illos,illa,illas,ito,itos,ita,itas,ismo,ico,icos,ica,icas,able,ables,ivo,ivos,iva,ivas'),
    ends: words('para bajar costos,antes de las lluvias,con voluntarios,después del terremoto,para recién llegados,durante dos inviernos,con presupuesto común,sin nueva deuda,por licitación pública,con las escuelas,para personas mayores,en tres distritos,a mitad de precio,en antiguos terrenos del tren,con albañiles locales,para vendedoras,a lo largo de la ronda,junto al puerto viejo,dentro del plan anual,según acuerdo de ambas alcaldías,mediante intercambio de personal,con repuestos,tras consultas abiertas,para reducir pérdidas,contra olas de calor,para trabajadores nocturnos,con sensores,a mano,bajo supervisión,en cinco temporadas'),
    sentence: (a) => [a.verb(), a.thing() + ',', a.thing(), 'y', a.thing(), 'en', a.place(), a.place() + ',', a.place(), a.rest()],
};

const german = {
    code: 'de',
    joiner: ' ',
    end: '.',
    gap: ' ',
    onsets: words('b,bl,br,d,dr,f,fl,fr,g,gl,gr,h,j,k,kl,kn,kr,l,m,n,p,pf,qu,r,s,sch,schl,schw,sp,st,str,t,tr,w,z,zw'),
    vowels: words('a,e,i,o,u,ä,ö,ü,au,äu,ei,eu,ie,aa,ee,oh'),
    codas: words('b,ch,ck,d,ff,g,hl,hn,l,ld,lf,lm,m,n,nd,ng,nk,nz,pp,r,rb,rg,rk,rn,rst,s,sch,sel,ss,st,t,tt,tz,x,dorf,tal'),
    capital: true,
    actions: words('schulen,beraten,ausrüsten,sanieren,kartieren,überwachen,umgestalten,erproben,austauschen,befragen,aufforsten,dämmen,reparieren,digitalisieren,prüfen,veröffentlichen,beherbergen,unterrichten,messen,wiederverwenden,verbreitern,ausbaggern,elektrifizieren,dokumentieren,übersetzen,bewerten,finanzieren,planen,vergleichen,reinigen,sammeln,kompostieren,bohren,beleuchten,pflastern,neu verkabeln,wieder aufbauen,beproben,unterbringen,sortieren,lagern,klären,impfen,begleiten,besuchen,abrechnen,erneuern,archivieren,vergrößern,anschließen'),
    tails: words('werk,hof,linie,halle,haus,tor,weg,feld,schuppen,bank,lager,amt,pfad,gericht,bezirk,becken,brücke,turm,garten,mauer,gasse,dock,raum,anlage,netz,gut,verein,gruppe,messe,woche,fonds,plan,wacht,laden,mühle,park,steg,post,halt,platz,keller,anbau,ecke,schema,umfrage,büro,zentrum,warte,dienst,leitung'),
    ends: words('um Kosten zu senken,vor der Regenzeit,mit Freiwilligen,nach dem Erdbeben,für Zugezogene,zwei Winter lang,aus gemeinsamem Haushalt,ohne neue Schulden,nach Ausschreibung,mit Schulen,für ältere Menschen,in drei Bezirken,zum halben Preis,auf altem Bahngelände,mit örtlichen Handwerkern,für Händlerinnen,entlang der Ringstraße,am alten Hafen,im Rahmen des Jahresplans,wie beide Städte vereinbarten,durch Austausch von Personal,mit Ersatzteilen,nach offenen Anhörungen,gegen Verluste,gegen Hitzewellen,für Nachtarbeiter,mit Sensoren,von Hand,unter Aufsicht,über fünf Jahre'),
    sentence: (a) => [a.thing() + ',', a.thing(), 'und', a.thing(), 'in', a.place(), a.place(), a.place(), a.verb(), a.rest()],
};

const japanese = {
    code: 'ja',
    joiner: '',
    end: '。',
    gap: '',
    onsets: words('青,赤,秋,旭,朝,芦,東,厚,荒,有,粟,安,飯,池,石,泉,市,稲,犬,井,今,岩,上,牛,臼,内,梅,浦,江,榎,海,大,岡,沖,奥,桶,尾,音,鬼,甲,柿,角,笠,霞,風,勝,門,金,鎌,上,亀,唐,川,神,菊,岸,北,木,絹,清,霧,草,串,葛,熊,倉,栗,黒,桑,越,米,駒,小,坂,桜,笹,佐,里,沢,塩,志,敷,島,清,白,菅,杉,鈴,砂,墨,関,瀬,千,空,高,滝,竹,立,谷,玉,田,樽,茅,月,土,津,鶴,手,寺,土,遠,所,富,豊,鳥,中,長,渚,名,七,浪,成,鳴,新,錦,西,沼,根,野,萩,橋,畑,花,羽,浜,林,原,春,引,久,日,平,広,深,福,藤,船,古,星,細,堀,本,前,牧,増,松,丸,三,水,緑,湊,南,峰,宮,向,村,室,森,柳,矢,山,結,湯,横,吉,米,若,鷲,渡'),
    vowels: words(',,,,,,,,,ヶ'),
    codas: words('浦,江,岡,尾,川,木,窪,倉,崎,里,沢,島,瀬,台,滝,谷,田,津,戸,中,野,橋,畑,浜,林,原,部,間,宮,村,森,山,代,渡,根,井,内,岸,口,塚,松,下,上,辺,府,留,美,良,見,地'),
    capital: false,
    actions: words('研修する,助言する,整備する,修復する,図にする,監視する,見直す,試行する,交換する,調査する,植え直す,断熱する,修理する,電子化する,点検する,公表する,受け入れる,教える,計測する,再利用する,広げる,浚渫する,電化する,記録する,翻訳する,評価する,支援する,計画する,比べる,清掃する,回収する,堆肥にする,掘る,照らす,舗装する,建て直す,検査する,保護する,分別する,貯える,浄化する,接種する,指導する,視察する,監査する,更新する,保存する,増やす,つなぐ,育てる'),
    tails: words('業,場,線,館,家,門,路,野,庫,行,蔵,課,所,院,区,池,塔,園,壁,町,室,網,団,会,祭,週,費,画,番,店,車,岸,局,駅,広,隅,案,査,部,点,法,術,品,力,質,量,員,士,者,人,材,料,機,具,型,帯,層,面,度,率'),
    ends: words('費用を下げるため,雨季の前に,市民とともに,地震のあと,転入者のため,二冬かけて,共同予算で,借入なしに,公募により,学校と,高齢者のため,三つの区で,半額で,鉄道跡地で,地元の職人と,女性商人のため,環状道路沿いに,旧港の近くで,年次計画の中で,両市長の合意により,職員交流を通じて,予備部品とともに,公聴会を経て,損失を減らすため,猛暑に備え,夜勤者のため,センサーで,手作業で,指導のもと,五期にわたり'),
    sentence: (a) => [a.place(), a.place(), 'の', a.thing(), '、', a.thing(), 'と', a.thing(), 'を', a.place(), 'で', a.rest(), a.verb()],
};

export const languages = [english, spanish, german, japanese];
