package io.millrace.engine;

import io.millrace.engine.api.DecreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.DeleteStreamRequest;
import io.millrace.engine.api.DescribeStreamRequest;
import io.millrace.engine.api.DescribeStreamSummaryRequest;
import io.millrace.engine.api.IncreaseStreamRetentionPeriodRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.StreamDescriptionSummary;
import io.millrace.engine.api.UpdateMaxRecordSizeRequest;
import io.millrace.engine.model.StreamStatus;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Short ways to change a stream, and to see how it stands. */
abstract class StreamLifeContract extends StreamClientContract {

  final StreamDescriptionSummary summary(String stream) {
    return get(client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)))
        .streamDescriptionSummary();
  }

  final CompletionStage<Void> increase(String stream, int hours) {
    return client()
        .increaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodRequest.of(stream, hours));
  }

  final CompletionStage<Void> decrease(String stream, int hours) {
    return client()
        .decreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodRequest.of(stream, hours));
  }

  final CompletionStage<Void> resize(String stream, int kib) {
    return client().updateMaxRecordSize(UpdateMaxRecordSizeRequest.of(arn(stream), kib));
  }

  final CompletionStage<Void> deletion(String stream) {
    return client().deleteStream(DeleteStreamRequest.of(stream));
  }

  final StreamStatus status(String stream) {
    return summary(stream).streamStatus();
  }

  final void createSlowly(String... streams) {
    withManualTime("millrace.streams.creating-delay = 60s");
    for (String stream : streams) {
      get(client().createStream(stream, 1));
    }
  }

  final List<CompletionStage<?>> callsOn(String stream) {
    return List.of(
        deletion(stream),
        client().describeStream(DescribeStreamRequest.of(stream)),
        client().describeStreamSummary(DescribeStreamSummaryRequest.of(stream)),
        client().listShards(ListShardsRequest.of(stream)),
        increase(stream, 48),
        decrease(stream, 24),
        resize(stream, 1024));
  }
}
