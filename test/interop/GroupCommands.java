import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Consumer groups and their committed offsets. */
public class GroupCommands {
  static void register(Map<String, Bridge.Command> commands) {
    commands.put("listGroups", GroupCommands::listGroups);
    commands.put("describeGroup", GroupCommands::describeGroup);
    commands.put("groupOffsets", GroupCommands::groupOffsets);
    commands.put("alterGroupOffsets", GroupCommands::alterGroupOffsets);
    commands.put("deleteGroup", GroupCommands::deleteGroup);
  }

  private static JsonNode listGroups(Request request) throws Exception {
    ArrayNode ids = Bridge.JSON.createArrayNode();
    request.admin().listConsumerGroups().all().get().stream().map(ConsumerGroupListing::groupId).sorted().forEach(ids::add);
    return ids;
  }

  private static JsonNode describeGroup(Request request) throws Exception {
    String group = request.text("group");
    ConsumerGroupDescription description = request.admin().describeConsumerGroups(List.of(group)).all().get().get(group);
    ObjectNode result = Bridge.JSON.createObjectNode().put("state", description.state().name());
    ArrayNode members = result.putArray("members");
    for (MemberDescription member : description.members()) {
      members.addObject().put("memberId", member.consumerId()).put("clientId", member.clientId()).put("host", member.host());
    }
    return result;
  }

  private static JsonNode groupOffsets(Request request) throws Exception {
    ArrayNode result = Bridge.JSON.createArrayNode();
    var offsets = request.admin().listConsumerGroupOffsets(request.text("group")).partitionsToOffsetAndMetadata().get();
    offsets.forEach((partition, committed) -> {
      if (committed == null) return;
      ObjectNode entry = result.addObject().put("topic", partition.topic()).put("partition", partition.partition());
      entry.put("offset", committed.offset()).put("metadata", committed.metadata());
    });
    return result;
  }

  private static JsonNode alterGroupOffsets(Request request) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (JsonNode entry : request.body.get("offsets")) {
      TopicPartition partition = new TopicPartition(entry.get("topic").asText(), entry.get("partition").asInt());
      offsets.put(partition, new OffsetAndMetadata(entry.get("offset").asLong(), entry.path("metadata").asText("")));
    }
    request.admin().alterConsumerGroupOffsets(request.text("group"), offsets).all().get();
    return null;
  }

  private static JsonNode deleteGroup(Request request) throws Exception {
    request.admin().deleteConsumerGroups(List.of(request.text("group"))).all().get();
    return null;
  }
}
