/** Asks the policies of callers and of resources whether a call may happen. */
package io.millrace.gateway.access;
