"""Domains under which anybody gets a mailbox: no organization's, whoever controls the zone.

Compared exactly, with the names in the form of `domain_names.cleaned`. Operators add their own by a setting. The list
is short on purpose: a name on it cannot be proven without its zone anyway, so it spares people a detour and keeps a
provider of mailboxes from vouching for all its customers.
"""

from collections.abc import Collection

from fairlead.orgs.domain_names import NameRefused

_NAMES = """
    126.com 139.com 163.com 189.cn 21cn.com aim.com alice.it aliyun.com aol.com arcor.de att.net bigpond.com
    bk.ru bluewin.ch bol.com.br btinternet.com centrum.cz comcast.net cox.net daum.net docomo.ne.jp duck.com
    earthlink.net email.cz email.it ezweb.ne.jp fastmail.com fastmail.fm foxmail.com free.fr freenet.de gmail.com
    gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de
    hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv inbox.ru interia.pl internode.on.net
    kakao.com laposte.net libero.it list.ru live.co.uk live.com live.de live.fr live.it live.nl mac.com mail.com
    mail.ee mail.ru mailbox.org me.com msn.com nate.com naver.com neuf.fr ntlworld.com o2.pl onet.pl op.pl
    optonline.net optusnet.com.au orange.fr outlook.com outlook.de outlook.es outlook.fr outlook.it pm.me
    posteo.de posteo.net pobox.com proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
    rogers.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com sky.com softbank.ne.jp
    sohu.com startmail.com t-online.de talktalk.net telenet.be telus.net terra.com.br tiscali.it tutamail.com
    tutanota.com tuta.com tuta.io ukr.net uol.com.br verizon.net vip.qq.com virgilio.it virginmedia.com wanadoo.fr
    web.de wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br yahoo.de
    yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru yeah.net ymail.com ziggo.nl zoho.com zohomail.com zohomail.eu
"""
SHIPPED = frozenset(_NAMES.split())


def refuse(name: str, *, also: Collection[str] = ()) -> None:
    """Raises NameRefused where `name`, cleaned, is a public mail domain. `also` are the operator's own, cleaned."""
    if name in SHIPPED or name in also:
        raise NameRefused("Anybody can have a mailbox there, so the name cannot be one organization's.")
