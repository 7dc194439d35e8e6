package io.millrace.engine.model;

/** What a channel takes the data of records for. */
public enum RecordFormatType {
  /** JSON that begins with the id of its schema in a schema registry; for tables only. */
  GSR_JSON,
  /** One value of JSON. */
  JSON,
  /** Text in UTF-8; for objects only. */
  STRING,
  /** Bytes; for objects only. */
  BYTE_ARRAY
}
