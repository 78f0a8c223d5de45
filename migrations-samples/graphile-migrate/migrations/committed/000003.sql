--! Previous: sha1:c553879dff6a1a034845a258134a6713493d25f3
--! Hash: sha1:89544dfea70b1bf460ec0cfd87f506d974885570

create index beds_planted on beds (planted);
