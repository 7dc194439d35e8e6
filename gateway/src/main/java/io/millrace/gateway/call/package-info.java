/**
 * One call from its headers and body to its reply, in the order in which the service judges it, and
 * the table of operations. Nothing here knows a socket.
 */
package io.millrace.gateway.call;
