/** The program: a gateway over an engine of its own. */
package io.millrace.gateway.server;
