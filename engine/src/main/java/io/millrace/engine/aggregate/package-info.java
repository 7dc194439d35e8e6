/** The aggregated record format of the Kinesis Producer Library: many user records in one. */
package io.millrace.engine.aggregate;
