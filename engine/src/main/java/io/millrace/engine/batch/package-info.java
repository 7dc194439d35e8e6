/** The stored form of records: one batch is one event, one header, one checksum. */
package io.millrace.engine.batch;
