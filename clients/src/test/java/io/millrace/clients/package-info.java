/** Unmodified client libraries of Kinesis, each with a gateway in this process. */
package io.millrace.clients;
