"""The digest: choose, lay out, write, and deliver once.

subscriptions.py  config/subscriptions.toml → Subscription
schedule.py       which digest is due now                     pure
select.py         stories of a window → Digest                pure
render.py         Digest → subject, HTML, text                pure
message.py        rendered digest → frozen MIME bytes         pure
plan.py           due digests → outbox, in one transaction
outbox.py         the mails that wait: claims, leases, states
deliver.py        outbox → channel
smtp.py, file.py  the channels
forgetting.py     what goes of mails that ended long ago
tokens.py         what is signed into the links of a mail     pure
links.py          unsubscribing and confirming by them
status.py         what became of the digests of the last days
"""
