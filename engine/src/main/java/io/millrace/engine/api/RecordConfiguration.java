package io.millrace.engine.api;

import static io.millrace.engine.api.Constraints.GSR_SCHEMA_ARN;

import io.millrace.engine.model.RecordFormatType;

/**
 * What the records of a stream are taken for.
 *
 * @param recordFormatType the form of their data; required
 * @param gSRSchemaARN the schema in a schema registry, which tables need; null for none
 */
public record RecordConfiguration(RecordFormatType recordFormatType, String gSRSchemaARN) {

  /** Records of this form, without a schema. */
  public static RecordConfiguration of(RecordFormatType recordFormatType) {
    return new RecordConfiguration(recordFormatType, null);
  }

  void validate(String path, Violations violations) {
    violations
        .required(path + ".recordFormatType", recordFormatType)
        .text(path + ".gSRSchemaARN", gSRSchemaARN, GSR_SCHEMA_ARN);
  }
}
