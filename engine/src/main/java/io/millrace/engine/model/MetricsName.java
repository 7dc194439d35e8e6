package io.millrace.engine.model;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What can be counted of each shard. */
public enum MetricsName {
  /** Bytes that were stored. */
  INCOMING_BYTES("IncomingBytes"),
  /** Records that were stored. */
  INCOMING_RECORDS("IncomingRecords"),
  /** Bytes that were read or pushed. */
  OUTGOING_BYTES("OutgoingBytes"),
  /** Records that were read or pushed. */
  OUTGOING_RECORDS("OutgoingRecords"),
  /** Records that were throttled. */
  WRITE_PROVISIONED_THROUGHPUT_EXCEEDED("WriteProvisionedThroughputExceeded"),
  /** Reads that were throttled. */
  READ_PROVISIONED_THROUGHPUT_EXCEEDED("ReadProvisionedThroughputExceeded"),
  /** The age of the last record of each read. */
  ITERATOR_AGE_MILLISECONDS("IteratorAgeMilliseconds"),
  /** All the others. */
  ALL("ALL");

  private final String apiName;

  MetricsName(String apiName) {
    this.apiName = apiName;
  }

  /** Those that are named, in the order of this list; {@link #ALL} names all but itself. */
  public static Set<MetricsName> named(Collection<MetricsName> names) {
    EnumSet<MetricsName> named = EnumSet.noneOf(MetricsName.class);
    named.addAll(names);
    if (named.contains(ALL)) {
      named = EnumSet.complementOf(EnumSet.of(ALL));
    }
    return Collections.unmodifiableSet(named);
  }

  /** The name that the API has for it. */
  @Override
  public String toString() {
    return apiName;
  }
}
