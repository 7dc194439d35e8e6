package io.millrace.engine.aggregate;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.millrace.engine.model.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The protobuf message inside an aggregated record. Its data are slices of the record that was
 * read.
 *
 * <p>Field 1 is the table of partition keys, field 2 that of explicit hash keys, field 3 an entry:
 * in it field 1 is the index of its partition key, field 2 that of its explicit hash key, if it has
 * one, field 3 its data.
 */
record AggregatedMessage(
    List<String> partitionKeys, List<String> explicitHashKeys, List<Entry> entries) {

  /** One user record; indexes as they were written, perhaps outside their table. */
  record Entry(long partitionKeyIndex, OptionalLong explicitHashKeyIndex, Payload data) {}

  /**
   * Reads a message.
   *
   * @throws IOException when it is no such message, or lacks what is required of it
   */
  static AggregatedMessage read(Payload message) throws IOException {
    List<String> partitionKeys = new ArrayList<>();
    List<String> explicitHashKeys = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    CodedInputStream in = CodedInputStream.newInstance(message.asByteBuffer());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            partitionKeys.add(in.readStringRequireUtf8());
        case 2 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            explicitHashKeys.add(in.readStringRequireUtf8());
        case 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED ->
            entries.add(entry(slice(in, message)));
        default -> in.skipField(tag);
      }
    }
    return new AggregatedMessage(partitionKeys, explicitHashKeys, entries);
  }

  private static Entry entry(Payload message) throws IOException {
    OptionalLong partitionKeyIndex = OptionalLong.empty();
    OptionalLong explicitHashKeyIndex = OptionalLong.empty();
    Payload data = null;
    CodedInputStream in = CodedInputStream.newInstance(message.asByteBuffer());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case 1 << 3 | WireFormat.WIRETYPE_VARINT ->
            partitionKeyIndex = OptionalLong.of(in.readUInt64());
        case 2 << 3 | WireFormat.WIRETYPE_VARINT ->
            explicitHashKeyIndex = OptionalLong.of(in.readUInt64());
        case 3 << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED -> data = slice(in, message);
        default -> in.skipField(tag);
      }
    }
    if (partitionKeyIndex.isEmpty() || data == null) {
      throw new IOException("an entry lacks its partition key or its data");
    }
    return new Entry(partitionKeyIndex.getAsLong(), explicitHashKeyIndex, data);
  }

  private static Payload slice(CodedInputStream in, Payload message) throws IOException {
    int size = in.readRawVarint32();
    int at = in.getTotalBytesRead();
    in.skipRawBytes(size);
    return message.slice(at, size);
  }
}
