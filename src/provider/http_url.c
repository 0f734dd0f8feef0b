/*
 * Addresses: with whom nida speaks, and how texts are put into one.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/text.h"
#include "provider/http.h"

/* One part of a URL, copied to out; "" when it has none. */
static void url_part(CURLU *url, CURLUPart part, char *out, size_t size)
{
	char *text = NULL;

	out[0] = '\0';
	if (curl_url_get(url, part, &text, 0) == CURLUE_OK && text)
		snprintf(out, size, "%s", text);
	curl_free(text);
}

/* 127.0.0.0/8, ::1 and localhost. libcurl itself resolves the last, without asking anyone. */
static bool host_is_loopback(const char *host)
{
	struct in_addr v4;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return text_equal_nocase(host, "localhost") || strcmp(host, "[::1]") == 0;
}

bool http_is_loopback(const char *text)
{
	char host[256] = "";
	CURLU *url = curl_url();

	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK)
		url_part(url, CURLUPART_HOST, host, sizeof(host));
	curl_url_cleanup(url);
	return host_is_loopback(host);
}

bool http_check_url(const char *name, const char *text, struct err *e)
{
	char scheme[16] = "";
	char host[256] = "";
	char user[8] = "";
	CURLU *url = curl_url();
	bool is_url = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;

	if (is_url) {
		url_part(url, CURLUPART_SCHEME, scheme, sizeof(scheme));
		url_part(url, CURLUPART_HOST, host, sizeof(host));
		url_part(url, CURLUPART_USER, user, sizeof(user));
	}
	curl_url_cleanup(url);

	/* The text itself is not shown where it may hold a password. */
	if (is_url && user[0])
		return err_set(e, ERR_INVALID,
			       "%s has a user name in it; write the address alone, such as "
			       "https://%s.",
			       name, host);
	if (!is_url || !host[0] || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		return err_set(e, ERR_INVALID,
			       "%s is '%s', which is not a web address; expected one that begins "
			       "with https://.",
			       name, text);
	if (strpbrk(text, "?#"))
		return err_set(e, ERR_INVALID,
			       "%s is '%s'; it must end before any ? or #, because nida adds its "
			       "own paths to it.",
			       name, text);
	if (strcmp(scheme, "http") == 0 && !host_is_loopback(host))
		return err_set(
			e, ERR_INVALID,
			"%s is '%s', which would send the key unprotected; plain http is for "
			"this machine only (127.0.0.1, localhost), so write https://.",
			name, text);
	return true;
}

bool http_check_link(const char *text, bool loopback_too, const char **words)
{
	char scheme[16] = "";
	char host[256] = "";
	char user[8] = "";
	CURLU *url = curl_url();

	if (curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK) {
		url_part(url, CURLUPART_SCHEME, scheme, sizeof(scheme));
		url_part(url, CURLUPART_HOST, host, sizeof(host));
		url_part(url, CURLUPART_USER, user, sizeof(user));
	}
	curl_url_cleanup(url);
	*words = NULL;
	if (!host[0] || user[0])
		*words = "its address is no plain web address";
	else if (host_is_loopback(host) && !loopback_too)
		*words = "its address is on this machine, where Hamsa is not";
	else if (strcmp(scheme, "https") != 0 && !host_is_loopback(host))
		*words = "its address does not begin with https://";
	else if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
		*words = "its address is no web address";
	return *words == NULL;
}

void http_add_escaped(struct buf *b, const char *text)
{
	for (const char *p = text; *p; p++) {
		unsigned char c = (unsigned char)*p;
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || strchr("-._~", c);
		if (plain)
			buf_addc(b, *p);
		else
			buf_addf(b, "%%%02X", (unsigned)c);
	}
}
