<?xml version="1.0" encoding="utf-8"?>
<!-- Makes a feed readable in a browser. Every text of an outlet is copied as text: nothing of it is markup here. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:fh="http://purl.org/syndication/history/1.0" exclude-result-prefixes="atom dc fh">
<xsl:output method="html" encoding="utf-8" doctype-system="about:legacy-compat"/>
<xsl:template match="/">
  <xsl:variable name="head" select="/rss/channel | /atom:feed"/>
  <xsl:variable name="title" select="$head/title | $head/atom:title"/>
  <xsl:variable name="self" select="$head/atom:link[@rel='self']/@href"/>
  <xsl:variable name="page" select="$head/link | $head/atom:link[@rel='alternate']/@href"/>
  <html lang="%CODE%">
    <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <title><xsl:value-of select="$title"/></title>
      <link rel="stylesheet" href="%ROOT%%STYLE%"/>
      <link rel="icon" href="%ROOT%%ICON%"/>
    </head>
    <body>
      <header class="top"><div class="bar">
        <a class="brand" href="%ROOT%">%SITE%</a>
        <nav><a href="{$page}">%PAGE%</a></nav>
      </div></header>
      <main id="isi">
        <h1><xsl:value-of select="$title"/></h1>
        <section class="subscribe">
          <h2>%SUBSCRIBE%</h2>
          <p>%WHAT%</p>
          <p>%COPY%</p>
          <p class="address"><code><xsl:choose>
            <xsl:when test="$head/fh:archive"><xsl:value-of select="$head/atom:link[@rel='current']/@href"/></xsl:when>
            <xsl:otherwise><xsl:value-of select="$self"/></xsl:otherwise>
          </xsl:choose></code></p>
          <p>%HOW%</p>
        </section>
        <xsl:if test="$head/fh:archive">
          <p>%ARCHIVE% <a href="{$head/atom:link[@rel='current']/@href}">%CURRENT%</a></p>
        </xsl:if>
        <h2>%LATEST%</h2>
        <xsl:if test="not($head/item | $head/atom:entry)"><p class="quiet">%NOTHING%</p></xsl:if>
        <xsl:apply-templates select="$head/item | $head/atom:entry"/>
        <p class="more">
          <xsl:for-each select="$head/atom:link[@rel='prev-archive']"><a rel="next" href="{@href}">%OLDER% →</a></xsl:for-each>
          <xsl:text> </xsl:text>
          <xsl:for-each select="$head/atom:link[@rel='next-archive']"><a rel="prev" href="{@href}">%NEWER%</a></xsl:for-each>
        </p>
      </main>
      <footer><a href="%ROOT%">%SITE%</a></footer>
    </body>
  </html>
</xsl:template>
<xsl:template match="item">
  <article class="clip">
    <h3><xsl:call-template name="headline"><xsl:with-param name="url" select="link"/><xsl:with-param name="text" select="title"/></xsl:call-template></h3>
    <p class="meta"><xsl:value-of select="source"/> · <xsl:value-of select="pubDate"/></p>
    <p><xsl:call-template name="unescaped"><xsl:with-param name="text" select="string(description)"/></xsl:call-template></p>
    <p class="labels"><xsl:for-each select="category[@domain]"><span class="topic"><xsl:value-of select="."/></span><xsl:text> </xsl:text></xsl:for-each></p>
  </article>
</xsl:template>
<xsl:template match="atom:entry">
  <article class="clip">
    <h3><xsl:call-template name="headline"><xsl:with-param name="url" select="atom:link[@rel='alternate']/@href"/><xsl:with-param name="text" select="atom:title"/></xsl:call-template></h3>
    <p class="meta"><xsl:value-of select="atom:source/atom:title"/> · <xsl:value-of select="substring(atom:published, 1, 10)"/><xsl:text> </xsl:text><xsl:value-of select="substring(atom:published, 12, 5)"/></p>
    <p><xsl:value-of select="atom:summary"/></p>
    <p class="labels"><xsl:for-each select="atom:category[@scheme]"><span class="topic"><xsl:value-of select="@label"/></span><xsl:text> </xsl:text></xsl:for-each></p>
  </article>
</xsl:template>
<!-- Only web addresses become links. -->
<xsl:template name="headline">
  <xsl:param name="url"/>
  <xsl:param name="text"/>
  <xsl:choose>
    <xsl:when test="starts-with($url, 'https://') or starts-with($url, 'http://')"><a href="{$url}" rel="noopener"><xsl:value-of select="$text"/></a></xsl:when>
    <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>
<!-- A description is HTML that was made of plain text: its few references are read back, and the text is shown as text. -->
<xsl:template name="unescaped">
  <xsl:param name="text"/>
  <xsl:choose>
    <xsl:when test="contains($text, '&amp;')">
      <xsl:variable name="rest" select="substring-after($text, '&amp;')"/>
      <xsl:value-of select="substring-before($text, '&amp;')"/>
      <xsl:choose>
        <xsl:when test="starts-with($rest, 'amp;')">&amp;</xsl:when>
        <xsl:when test="starts-with($rest, 'lt;')">&lt;</xsl:when>
        <xsl:when test="starts-with($rest, 'gt;')">&gt;</xsl:when>
        <xsl:when test="starts-with($rest, 'quot;')">"</xsl:when>
      </xsl:choose>
      <xsl:call-template name="unescaped"><xsl:with-param name="text" select="substring-after($rest, ';')"/></xsl:call-template>
    </xsl:when>
    <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>
</xsl:stylesheet>
