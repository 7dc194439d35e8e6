package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.api.AddTagsToStreamRequest;
import io.millrace.engine.api.CreateStreamRequest;
import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.api.LimitExceededException;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.MergeShardsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.PutResourcePolicyRequest;
import io.millrace.engine.api.RegisterStreamConsumerRequest;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.api.ShardFilter;
import io.millrace.engine.api.SplitShardRequest;
import io.millrace.engine.api.StartStreamEncryptionRequest;
import io.millrace.engine.api.StopStreamEncryptionRequest;
import io.millrace.engine.api.StreamModeDetails;
import io.millrace.engine.api.TagResourceRequest;
import io.millrace.engine.api.UpdateShardCountRequest;
import io.millrace.engine.api.UpdateStreamModeRequest;
import io.millrace.engine.api.UpdateStreamWarmThroughputRequest;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.testing.InMemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * What a request is refused for when more than one thing is wrong with it: what it names is not
 * there, then it comes too often, then the status, then its arguments.
 */
class ProcessingOrderTest extends StreamClientContract {

  private static final int TOO_LONG = 9999;
  private static final int CALLS_PER_SECOND = 5;
  private static final String BEYOND_ALL_HASH_KEYS = "9".repeat(39);
  private static final Map<String, String> RESERVED = Map.of("aws:mill", "wheel");

  @Override
  protected Config storage() {
    return InMemoryStore.fresh().config();
  }

  /** Calls with wrong arguments. */
  private List<CompletionStage<?>> wrong(String stream) {
    StreamClient client = client();
    return List.of(
        client.increaseStreamRetentionPeriod(
            IncreaseStreamRetentionPeriodRequest.of(stream, TOO_LONG)),
        client.decreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodRequest.of(stream, 1)),
        client.startStreamEncryption(
            new StartStreamEncryptionRequest(stream, null, EncryptionType.NONE, "alias/mill")),
        client.stopStreamEncryption(
            new StopStreamEncryptionRequest(stream, null, EncryptionType.NONE, "alias/mill")),
        client.addTagsToStream(AddTagsToStreamRequest.of(stream, RESERVED)),
        client.tagResource(new TagResourceRequest(arn(stream), RESERVED)),
        client.putResourcePolicy(new PutResourcePolicyRequest(arn(stream), "{}")),
        client.registerStreamConsumer(
            new RegisterStreamConsumerRequest(arn(stream), "audit", RESERVED)),
        client.updateStreamMode(
            new UpdateStreamModeRequest(arn(stream), StreamModeDetails.PROVISIONED, 8)),
        client.splitShard(SplitShardRequest.of(stream, SHARD_0, BEYOND_ALL_HASH_KEYS)),
        client.listShards(
            new ListShardsRequest(
                stream,
                null,
                null,
                null,
                null,
                null,
                new ShardFilter(ShardFilterType.AFTER_SHARD_ID, null, null))));
  }

  private static void allFail(
      Class<? extends MillraceException> type, List<CompletionStage<?>> calls) {
    calls.forEach(call -> failure(type, call));
  }

  @Test
  void argumentsCountOnceTheStreamIsThere() {
    allFail(ResourceNotFoundException.class, wrong("orders"));

    create("orders", 1);

    allFail(InvalidArgumentException.class, wrong("orders"));
  }

  @Test
  void theStatusComesBeforeArgumentsAndCapacityMode() {
    withManualTime("millrace.streams.creating-delay = 60s");
    get(client().createStream(CreateStreamRequest.provisioned("orders", 1)));
    get(client().createStream(CreateStreamRequest.onDemand("visits")));

    allFail(ResourceInUseException.class, wrong("orders"));
    failure(
        ResourceInUseException.class,
        client()
            .createStream(new CreateStreamRequest("orders", null, null, null, null, null, null)));
    failure(
        ResourceInUseException.class,
        client().updateStreamWarmThroughput(UpdateStreamWarmThroughputRequest.of("orders", 8)));
    for (CompletionStage<?> reshard :
        List.of(
            client().splitShard(SplitShardRequest.of("visits", SHARD_0, "1000")),
            client().mergeShards(MergeShardsRequest.of("visits", SHARD_0, SHARD_0)),
            client().updateShardCount(UpdateShardCountRequest.of("visits", 1)))) {
      failure(ResourceInUseException.class, reshard);
    }
  }

  @Test
  void aShardThatIsNotThereComesBeforeTheCapacityMode() {
    get(client().createStream(CreateStreamRequest.onDemand("visits")));
    get(engine().awaitActive("visits"));

    failure(
        ResourceNotFoundException.class,
        client().splitShard(SplitShardRequest.of("visits", "shardId-000000000099", "1000")));
    failure(
        ResourceNotFoundException.class,
        client().mergeShards(MergeShardsRequest.of("visits", SHARD_0, "shardId-000000000099")));
  }

  @Test
  void theRateComesBeforeArguments() {
    with("millrace.limits.mode = kinesis");
    create("orders", 1);

    for (int i = 0; i < CALLS_PER_SECOND; i++) {
      failure(InvalidArgumentException.class, tooLong("orders"));
    }
    failure(LimitExceededException.class, tooLong("orders"));
    failure(ResourceNotFoundException.class, tooLong("nowhere"));
  }

  private CompletionStage<Void> tooLong(String stream) {
    return client()
        .increaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodRequest.of(stream, TOO_LONG));
  }
}
