-- One row per document and field that its new reading (new_articles, new_rejections) has otherwise
-- than its newest one here. Where one is an article and the other is none, that is the only field.
-- The cuts are not compared: they stay in the lake, and what leaves them is seen where it goes.
with
new_readings as (
    select document_id, source, location, null as reason from new_articles
    union all
    select document_id, source, location, reason from new_rejections
),
readings as (
    select document_id, reading_id, extractor_version, null as reason from article_versions
    union all
    select document_id, reading_id, extractor_version, reason from rejections
),
newest as (
    select
        document_id,
        arg_max(row(reading_id, reason), extractor_version) as reading
    from readings
    semi join new_readings using (document_id)
    group by document_id
),
compared as (
    select
        new_readings.document_id,
        newest.reading[1] as reading_id,
        newest.reading[2] as reason_before,
        new_readings.reason as reason_after
    from new_readings
    inner join newest using (document_id)
),
outcomes as (
    select
        document_id,
        'outcome' as field,
        coalesce(reason_before, 'article') as value_before,
        coalesce(reason_after, 'article') as value_after
    from compared
    where (reason_before is null) <> (reason_after is null)
),
articles_before as (
    select 'before' as side, *
    from article_versions
    inner join texts using (reading_id)
    semi join (from compared where reason_after is null) using (reading_id)
),
articles_after as (
    select
        'after' as side,
        *,
        array_to_string(
            list_transform(paragraphs, lambda paragraph: paragraph.text), e'\n\n'
        ) as body,
        list_transform(paragraphs, lambda paragraph: paragraph.kind) as kinds
    from new_articles
    semi join (from compared where reason_before is null) using (document_id)
),
articles_of_both as (
    select
        side,
        document_id,
        article_id,
        title,
        deck,
        section,
        nullif(authors::varchar, '[]') as authors,
        agency,
        dateline_place,
        dateline_on,
        published_on,
        published_at,
        published_utc_offset_minutes,
        modified_at,
        modified_utc_offset_minutes,
        language,
        page_state,
        canonical_url,
        lead_image,
        outlet,
        nullif(tags::varchar, '[]') as tags,
        word_count,
        reading_minutes,
        nullif(body, '') as body,
        nullif(kinds::varchar, '[]') as kinds,
        nullif(captions::varchar, '[]') as captions,
        nullif(related_headlines::varchar, '[]') as related_headlines,
        nullif(links::varchar, '[]') as links,
        nullif(provenance::varchar, '[]') as provenance
    from (
        select * exclude (content_hash) from articles_before
        union all by name
        select * exclude (content_hash) from articles_after
    )
),
rejections_of_both as (
    select 'before' as side, document_id, reason, nullif(detail, '') as detail, page_state
    from rejections
    semi join (from compared where reason_after is not null) using (reading_id)
    union all
    select 'after', document_id, reason, nullif(detail, ''), page_state
    from new_rejections
    semi join (from compared where reason_before is not null) using (document_id)
),
-- one row per side and field that says something
said as (
    unpivot (
        select side, document_id, columns(* exclude (side, document_id))::varchar
        from articles_of_both
    )
    on columns(* exclude (side, document_id)) into name field value said
    union all
    unpivot (
        select side, document_id, columns(* exclude (side, document_id))::varchar
        from rejections_of_both
    )
    on columns(* exclude (side, document_id)) into name field value said
),
fields as (
    select
        document_id,
        field,
        any_value(said) filter (side = 'before') as value_before,
        any_value(said) filter (side = 'after') as value_after
    from said
    group by document_id, field
    having value_before is distinct from value_after
    union all
    from outcomes
)
select
    fields.field,
    case
        when value_before is null then 'appeared'
        when value_after is null then 'vanished'
        else 'changed'
    end as change,
    document_id,
    new_readings.source,
    new_readings.location,
    value_before,
    value_after
from fields
inner join new_readings using (document_id)
order by fields.field, new_readings.location, document_id
