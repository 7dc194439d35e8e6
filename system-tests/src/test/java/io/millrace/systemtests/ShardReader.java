package io.millrace.systemtests;

import io.millrace.engine.StreamClient;
import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.GetRecordsResponse;
import io.millrace.engine.api.GetShardIteratorRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListShardsResponse;
import io.millrace.engine.api.Shard;
import io.millrace.engine.model.Record;
import io.millrace.testkit.Awaits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads shards from the oldest record to the newest, as any consumer does. */
final class ShardReader {

  private ShardReader() {}

  /** Every shard, open or closed, by id: a parent before its children. */
  static List<Shard> shards(StreamClient client, String stream) {
    ListShardsResponse page = Awaits.get(client.listShards(ListShardsRequest.of(stream)));
    List<Shard> all = new ArrayList<>(page.shards());
    while (page.nextToken() != null) {
      page = Awaits.get(client.listShards(ListShardsRequest.next(page.nextToken())));
      all.addAll(page.shards());
    }
    return all;
  }

  /** Hands over every record that can be read now. */
  static void readAll(
      StreamClient client, String stream, String shardId, Consumer<Record> consumer) {
    String iterator =
        Awaits.get(client.getShardIterator(GetShardIteratorRequest.trimHorizon(stream, shardId)))
            .shardIterator();
    // A closed shard ends without an iterator.
    while (iterator != null) {
      GetRecordsResponse page = Awaits.get(client.getRecords(GetRecordsRequest.of(iterator)));
      if (page.records().isEmpty()) {
        return;
      }
      page.records().forEach(consumer);
      iterator = page.nextShardIterator();
    }
  }
}
