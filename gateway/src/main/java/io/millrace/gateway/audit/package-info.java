/** Writes down who called what, in lines of JSON, without ever keeping a call waiting. */
package io.millrace.gateway.audit;
