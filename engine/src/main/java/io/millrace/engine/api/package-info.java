/** Requests, responses and exceptions, under the names of the API. */
package io.millrace.engine.api;
