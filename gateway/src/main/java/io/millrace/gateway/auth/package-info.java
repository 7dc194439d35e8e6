/** AWS Signature Version 4, seen from the server. */
package io.millrace.gateway.auth;
