CREATE TABLE public.recipes (
    id bigint NOT NULL,
    title character varying NOT NULL,
    created_at timestamp(6) without time zone NOT NULL,
    updated_at timestamp(6) without time zone NOT NULL
);

CREATE TABLE public.steps (
    id bigint NOT NULL,
    recipe_id bigint NOT NULL,
    body text NOT NULL
);

SET search_path TO "$user", public;

INSERT INTO "schema_migrations" (version) VALUES
('20260112090000'),
('20260105090000');
