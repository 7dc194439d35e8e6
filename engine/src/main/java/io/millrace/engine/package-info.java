/** The way in: open an engine, get a client, put and read records. */
package io.millrace.engine;
