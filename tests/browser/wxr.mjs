// An export of WordPress (WXR 1.2) with one post: how a journey comes by a long
// thread, or an old one.

// `comments`: `{ text, name?, parent?, approved? }`, where `parent` is the number
// of an earlier one. They are numbered from 1, a minute apart, as WordPress's ids are.
export function wxr(origin, path, comments) {
  return `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Blog</title>
<link>${origin}</link>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>${origin}</wp:base_site_url>
<wp:base_blog_url>${origin}</wp:base_blog_url>
<item>
<title>A post</title>
<link>${origin}${path}</link>
<pubDate>Wed, 05 Nov 2025 07:00:00 +0000</pubDate>
<wp:post_id>7</wp:post_id>
<wp:post_date_gmt>2025-11-05 07:00:00</wp:post_date_gmt>
<wp:comment_status>open</wp:comment_status>
<wp:status>publish</wp:status>
<wp:post_type>post</wp:post_type>
${comments.map((comment, at) => element(comment, at + 1)).join('\n')}
</item>
</channel>
</rss>
`;
}

function element({ text, name = 'Layla', parent = 0, approved = 1 }, id) {
  const date = new Date(Date.UTC(2025, 10, 5, 8, id)).toISOString().slice(0, 19).replace('T', ' ');
  return `<wp:comment>
<wp:comment_id>${id}</wp:comment_id>
<wp:comment_author><![CDATA[${name}]]></wp:comment_author>
<wp:comment_author_email><![CDATA[]]></wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url>
<wp:comment_author_IP><![CDATA[192.0.2.11]]></wp:comment_author_IP>
<wp:comment_date><![CDATA[${date}]]></wp:comment_date>
<wp:comment_date_gmt><![CDATA[${date}]]></wp:comment_date_gmt>
<wp:comment_content><![CDATA[${text}]]></wp:comment_content>
<wp:comment_approved><![CDATA[${approved}]]></wp:comment_approved>
<wp:comment_type><![CDATA[comment]]></wp:comment_type>
<wp:comment_parent>${parent}</wp:comment_parent>
<wp:comment_user_id>0</wp:comment_user_id>
</wp:comment>`;
}
