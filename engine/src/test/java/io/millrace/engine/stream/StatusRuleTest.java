package io.millrace.engine.stream;

import static io.millrace.engine.model.StreamStatus.ACTIVE;
import static io.millrace.engine.model.StreamStatus.CREATING;
import static io.millrace.engine.model.StreamStatus.DELETING;
import static io.millrace.engine.model.StreamStatus.UPDATING;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import io.millrace.engine.stream.StreamReply.Kind;
import io.millrace.engine.stream.StreamReply.Refused;
import org.junit.jupiter.api.Test;

class StatusRuleTest {

  private static final StreamName ORDERS = new StreamName("orders");

  @Test
  void allowsEverythingOnAnActiveStream() {
    for (StatusRule rule : StatusRule.values()) {
      assertThat(rule.refusal(ORDERS, ACTIVE)).isEmpty();
    }
  }

  @Test
  void letsDataThroughExceptWhereThereIsNone() {
    assertThat(kind(StatusRule.PUT, CREATING)).isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(kind(StatusRule.READ, CREATING)).isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(StatusRule.PUT.refusal(ORDERS, UPDATING)).isEmpty();
    assertThat(kind(StatusRule.PUT, DELETING)).isEqualTo(Kind.RESOURCE_NOT_FOUND);
    assertThat(StatusRule.READ.refusal(ORDERS, DELETING)).isEmpty();
  }

  @Test
  void describesAStreamInAnyStatusButListsNoShardsBeforeTheyAreOpen() {
    for (StreamStatus status : StreamStatus.values()) {
      assertThat(StatusRule.DESCRIBE.refusal(ORDERS, status)).isEmpty();
    }
    assertThat(kind(StatusRule.LIST_SHARDS, CREATING)).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(StatusRule.LIST_SHARDS.refusal(ORDERS, DELETING)).isEmpty();
  }

  @Test
  void changesNothingUnlessActiveAndSaysWhy() {
    assertThat(StatusRule.CHANGE.refusal(ORDERS, UPDATING))
        .contains(
            new Refused(
                Kind.RESOURCE_IN_USE, "Stream orders not ACTIVE, instead in state UPDATING."));
  }

  @Test
  void changesConsumersWhileAStreamIsReshardedButNotBeforeAndAfterItsTime() {
    assertThat(kind(StatusRule.CHANGE_CONSUMERS, CREATING)).isEqualTo(Kind.RESOURCE_IN_USE);
    assertThat(StatusRule.CHANGE_CONSUMERS.refusal(ORDERS, UPDATING)).isEmpty();
    assertThat(kind(StatusRule.CHANGE_CONSUMERS, DELETING)).isEqualTo(Kind.RESOURCE_IN_USE);
  }

  private static Kind kind(StatusRule rule, StreamStatus status) {
    return rule.refusal(ORDERS, status).orElseThrow().kind();
  }
}
