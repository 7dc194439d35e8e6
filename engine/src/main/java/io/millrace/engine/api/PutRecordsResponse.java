package io.millrace.engine.api;

import static java.util.Objects.requireNonNull;

import io.millrace.engine.model.EncryptionType;
import java.util.List;

/**
 * The answer to {@link PutRecordsRequest}. It comes even when no record at all was stored: look at
 * {@code failedRecordCount}, and put again only the records that failed.
 *
 * @param failedRecordCount how many records failed
 * @param records what became of each record, in the order of the request
 * @param encryptionType whether the stored ones were encrypted
 */
public record PutRecordsResponse(
    int failedRecordCount, List<PutRecordsResultEntry> records, EncryptionType encryptionType) {

  public PutRecordsResponse {
    records = List.copyOf(records);
    requireNonNull(encryptionType, "encryptionType");
  }

  /** The answer made of these outcomes. */
  public static PutRecordsResponse of(
      List<PutRecordsResultEntry> records, EncryptionType encryptionType) {
    int failed = 0;
    for (PutRecordsResultEntry entry : records) {
      failed += entry.isStored() ? 0 : 1;
    }
    return new PutRecordsResponse(failed, records, encryptionType);
  }
}
