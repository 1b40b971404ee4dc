// Package curl reads the arguments of a curl command and makes the request that curl would send, without sending it.
//
// The meaning of each option is that of curl's manual. An option that only concerns the connection or curl's own output is taken and has
// no effect; any other that is not known is an error. Where curl differs from itself, here is one way:
//
//   - there is one URL, and nothing in it is a pattern: brackets and braces stay, as with --globoff;
//   - options are written in full: curl's abbreviations are no promise of its manual;
//   - no file is read that was not named: no .curlrc, no cookie file, no .netrc;
//   - Expect: 100-continue is never sent.
package curl
