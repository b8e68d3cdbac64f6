"""A big company's flows, made up: files without a finding, in four languages.

Every subject is ten nodes, in about the proportions of the example flows: news, a menu of three
options with words for each, three answers, opening hours, a transfer, a voicemail, thanks, goodbye.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

NODES_A_SUBJECT = 10

CONFIG = """\
company: Benchmark Energi
time_zone: Europe/Stockholm
lines:
  main: {number: "+46846500400", flow: flow_00}
fallback: {number: "+46846500499"}
numbers: {team: "+46846500410"}
schedules:
  office: {weekly: {monday-friday: 08:00-16:00}, holidays: SE}
"""

_HEAD = Template("""\
about: Flow $flow of a big company.
languages: [fi, sv, nb, en]
start: news_0
person: report_0

nodes:
""")

_SUBJECT = Template("""\
  news_$n:
    kind: say
    text:
      fi: Palvelussa $name on tällä viikolla tavallista enemmän soittajia.
      sv: I tjänsten $name är det fler som ringer än vanligt den här veckan.
      nb: I tjenesten $name er det flere som ringer enn vanlig denne uken.
      en: More people than usual are calling about service $name this week.
    to: topics_$n

  topics_$n:
    kind: menu
    text:
      fi: Mitä palvelua $name koskeva asiasi on?
      sv: Vad gäller ditt ärende om $name?
      nb: Hva gjelder saken din om $name?
      en: What is your question about $name?
    again:
      fi: Mitä asiasi koskee?
      sv: Vad kan vi hjälpa dig med?
      nb: Hva kan vi hjelpe deg med?
      en: What is your call about?
    options:
      - key: 1
        label:
          fi: laskuasioissa
          sv: fakturor
          nb: faktura
          en: an invoice
        words:
          fi: [lasku, laskua, laskut, sähkölasku, maksu, eräpäivä]
          sv: [faktura, fakturan, räkning, räkningen, betala, förfallodag]
          nb: [faktura, fakturaen, regning, regningen, betale, forfall]
          en: [invoice, bill, payment, pay my bill, due date, reminder]
        to: price_$n
      - key: 2
        label:
          fi: sopimusasioissa
          sv: avtal
          nb: avtale
          en: a contract
        words:
          fi: [sopimus, sopimuksen, sopimusta, irtisanoa]
          sv: [avtal, avtalet, elavtal, säga upp]
          nb: [avtale, avtalen, strømavtale, si opp]
          en: [contract, my contract, agreement, cancel]
        to: contract_$n
      - key: 3
        label:
          fi: muussa asiassa
          sv: något annat
          nb: noe annet
          en: something else
        words:
          fi: [muu asia, jotain muuta, toinen asia]
          sv: [något annat, nåt annat, annat ärende]
          nb: [noe annet, annet, en annen sak]
          en: [something else, another matter, other]
        to: $onward

  price_$n:
    kind: answer
    text:
      fi: Palvelun $name lasku erääntyy neljäntoista päivän kuluttua. Saat sen sähköpostiin.
      sv: Fakturan för $name ska betalas inom fjorton dagar. Du får den med e-post.
      nb: Fakturaen for $name forfaller om fjorten dager. Du får den på e-post.
      en: The invoice for $name is due in fourteen days. You get it by e-mail.
    helped: goodbye_$n
    not_helped: report_$n

  contract_$n:
    kind: answer
    text:
      fi: Palvelun $name sopimus jatkuu toistaiseksi. Voit irtisanoa sen kuukauden varoitusajalla.
      sv: Avtalet för $name löper tills vidare. Du kan säga upp det med en månads varsel.
      nb: Avtalen for $name løper til den sies opp. Du kan si den opp med en måneds varsel.
      en: The contract for $name runs on. You can end it with a month's notice.
    helped: waiting_$n
    not_helped: report_$n

  waiting_$n:
    kind: answer
    text:
      fi: Palvelun $name käsittelyaika on viisi arkipäivää. Lähetämme vastauksen tekstiviestillä.
      sv: Handläggningen av $name tar fem arbetsdagar. Du får svar med sms.
      nb: Behandlingen av $name tar fem virkedager. Du får svar på sms.
      en: Working on $name takes five days. You get the answer by text message.
    helped: goodbye_$n

  report_$n:
    kind: hours
    schedule: office
    open: ring_$n
    closed: message_$n

  ring_$n:
    kind: transfer
    number: team
    text:
      fi: Hetki, yhdistän asiakaspalveluun.
      sv: Ett ögonblick, jag kopplar dig till kundtjänst.
      nb: Et øyeblikk, jeg setter deg over til kundeservice.
      en: One moment, I am putting you through to customer service.
    otherwise: message_$n

  message_$n:
    kind: voicemail
    text:
      fi: Kukaan ei pääse nyt vastaamaan. Jätä nimesi ja numerosi äänimerkin jälkeen.
      sv: Ingen kan svara just nu. Lämna namn och nummer efter tonen.
      nb: Ingen kan svare akkurat nå. Si navn og nummer etter tonen.
      en: Nobody can answer just now. Leave your name and number after the tone.
    to: thanks_$n
    nothing: goodbye_$n

  thanks_$n:
    kind: say
    text:
      fi: Kiitos viestistä. Soitamme sinulle.
      sv: Tack för ditt meddelande. Vi ringer upp dig.
      nb: Takk for meldingen. Vi ringer deg opp.
      en: Thank you for the message. We will ring you back.
    to: goodbye_$n

  goodbye_$n:
    kind: hang_up
    text:
      fi: Kiitos soitosta. Kuulemiin.
      sv: Tack för att du ringde. Hej då.
      nb: Takk for at du ringte. Ha det bra.
      en: Thank you for calling. Goodbye.

""")


def write_company(folder: Path, flows: int, subjects: int) -> Path:
    """Write `flows` files of `subjects` each, and give their config.yaml."""
    (folder / "flows").mkdir(parents=True)
    for flow in range(flows):
        text = _HEAD.substitute(flow=flow)
        for subject in range(subjects):
            if subject + 1 < subjects:
                onward = f"news_{subject + 1}"
            else:
                onward = f"flow_{flow + 1:02}/" if flow + 1 < flows else f"report_{subject}"
            name = f"{flow:02} {subject:02}"
            text += _SUBJECT.substitute(n=subject, name=name, onward=onward)
        (folder / "flows" / f"flow_{flow:02}.yaml").write_text(text, encoding="utf-8")
    config = folder / "config.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    return config
