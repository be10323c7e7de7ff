"""Characters that read the same: traditional forms, letters and digits of other alphabets. Plain data.

Compatibility forms (full width, circled digits, Kangxi radicals) are NFKC's; this is what NFKC leaves apart. The
traditional characters are those that occur in names of units, people and places, not the whole standard.
"""

from __future__ import annotations

from typing import Final

_TRADITIONAL: Final = (
    "東东西西車车馬马門门開开關关問问間间聞闻長长張张陳陈陸陆陽阳陰阴隊队際际險险隨随隱隐雲云電电雷雷霧雾靈灵靜静頂顶順顺須须頑顽頓顿預预領领"
    "頭头頻频題题額额顏颜願愿類类顧顾風风飛飞養养餘余館馆駕驾驗验驅驱駐驻魚鱼鮮鲜鳥鸟鳳凤鴻鸿鵬鹏鶴鹤鷹鹰麥麦黃黄點点齊齐齒齿龍龙龐庞龜龟"
    "業业極极榮荣構构槍枪樂乐樓楼標标樣样樹树橋桥機机檔档檢检櫃柜權权歐欧歡欢歲岁歷历歸归殘残殺杀氣气漢汉湯汤溝沟滅灭滿满漸渐潔洁潛潜"
    "濟济濱滨濤涛灣湾灤滦燈灯燒烧營营爐炉爭争愛爱爾尔牆墙獎奖獨独獲获環环現现瑪玛產产畢毕畫画異异當当療疗發发盜盗盡尽監监盤盘盧卢眾众"
    "礦矿碩硕確确碼码磚砖禮礼禪禅離离種种稱称積积穩稳窮穷競竞筆笔節节範范築筑簡简簽签籌筹籃篮糧粮紀纪約约紅红納纳純纯紙纸級级紐纽紡纺"
    "紹绍終终組组結结給给絡络統统絲丝經经綜综綠绿維维綱纲網网緒绪線线緣缘編编緯纬縣县縱纵總总績绩織织繪绘繼继續续纖纤羅罗義义習习翹翘"
    "聖圣聯联聲声聰聪職职聽听肅肃脈脉腦脑臉脸臨临臺台與与興兴舉举艦舰艙舱藝艺節节莊庄華华萬万葉叶葦苇蒼苍蓋盖蓮莲薦荐薩萨藍蓝藥药蘇苏"
    "蘭兰蘆芦處处虛虚號号蟲虫術术衛卫衝冲補补裝装製制複复見见規规視视親亲覺觉覽览觀观計计訂订訊讯討讨訓训託托記记訟讼設设許许訴诉診诊"
    "評评詞词詢询試试詩诗話话該该詳详誌志認认語语誠诚誤误說说課课調调談谈請请論论諧谐諾诺謀谋謝谢證证識识譜谱警警譯译議议護护讀读變变"
    "豐丰貝贝財财責责賢贤貨货質质購购貴贵費费貿贸資资賓宾賬账賽赛贊赞趙赵趨趋跡迹踐践躍跃軌轨軍军軒轩軟软較较載载輔辅輕轻輛辆輝辉輪轮"
    "輯辑輸输轉转辦办辭辞農农運运過过達达遠远適适遷迁選选遙遥遞递遼辽還还邊边郵邮鄉乡鄒邹鄧邓鄭郑醫医釋释針针釣钓鈞钧鋼钢錄录錢钱錦锦"
    "鐵铁鑄铸鑒鉴鍋锅鍵键鎮镇鏈链鏡镜鐘钟銀银銅铜銘铭銳锐銷销鋁铝鋒锋錫锡鍛锻鎖锁鑫鑫個个們们倉仓偉伟側侧備备傳传債债傑杰傾倾僅仅像像"
    "價价儀仪億亿優优儲储兒儿內内兩两冊册凈净凍冻凱凯別别則则剛刚創创劃划劇剧劉刘劍剑劑剂勁劲動动務务勝胜勞劳勢势勳勋勵励區区協协單单"
    "衆众廠厂廣广廳厅慶庆應应廟庙廢废彈弹後后從从復复徑径德德恆恒愷恺慧慧態态慣惯懷怀懸悬戰战戲戏戶户揚扬換换損损搖摇擁拥擇择擔担據据"
    "擴扩攝摄攜携擊击撫抚掃扫採采敵敌數数斷断時时晉晋晝昼暢畅曉晓曆历暉晖會会條条來来楊杨棟栋棄弃樸朴岡冈島岛峽峡嶺岭嶽岳巖岩帥帅師师"
    "帶带幣币幫帮幹干幾几庫库廈厦彎弯圍围園园圓圆圖图團团國国場场塊块塢坞墊垫壓压壘垒壯壮壽寿夠够夢梦夾夹奪夺奮奋婦妇媽妈學学孫孙寧宁"
    "寶宝實实審审寫写寬宽對对尋寻導导將将專专層层屬属屆届嚴严喬乔嗎吗員员喚唤問问喪丧嘗尝噴喷囑嘱壩坝壇坛"
)
#: Cyrillic, then Greek: lower case, after what their capitals look like.
_LETTERS: Final = "аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsԁdԛqԝwһhαaβbεeηhιiκkνnοoρpτtυyχxωw"
_DIGITS: Final = "o0i1l1〇0零0○0一1壹1幺1二2贰2三3叁3四4肆4五5伍5六6陆6七7柒7八8捌8九9玖9"

#: A character -> the one by which it is compared.
SAME: Final = {
    ord(typed): plain
    for pairs in (_TRADITIONAL, _LETTERS)
    for typed, plain in zip(pairs[::2], pairs[1::2], strict=True)
}
#: Further, where a number is looked for: letters and Chinese numerals that stand for digits.
AS_DIGIT: Final = {ord(typed): plain for typed, plain in zip(_DIGITS[::2], _DIGITS[1::2], strict=True)}
