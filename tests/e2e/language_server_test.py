"""The language server answers an editor: handshake, and a diagnostic at the right line."""
import json
import os
import subprocess
import unittest

SERVER = os.path.join(os.path.dirname(os.environ["SYNFIRE"]), "synfire-lsp-server")

BROKEN = """snn.network @n config<vocabulary = 4, hidden = 8, intermediate = 12, layers = 1, heads = 4,
    key_value_heads = 2, head_width = 2, positions = 16, rms_norm_eps = 1.0E-5, rope_theta = 1.0E+4> {
  %c = snn.embed {weight = #ann.weight<"embed", [4, 9]>} : !snn.current<1x8>
  snn.output %c site("logits") : !snn.current<1x8>
}
"""


def frame(message):
    body = json.dumps(message)
    return f"Content-Length: {len(body)}\r\n\r\n{body}"


def messages(output):
    while output:
        header, _, output = output.partition(b"\r\n\r\n")
        length = int(header.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        yield json.loads(output[:length])
        output = output[length:]


class LanguageServerTest(unittest.TestCase):
    def test_handshake_and_diagnostics(self):
        uri = "file:///broken.mlir"
        conversation = "".join(map(frame, [
            {"jsonrpc": "2.0", "id": 1, "method": "initialize",
             "params": {"processId": None, "rootUri": None, "capabilities": {}}},
            {"jsonrpc": "2.0", "method": "initialized", "params": {}},
            {"jsonrpc": "2.0", "method": "textDocument/didOpen",
             "params": {"textDocument": {"uri": uri, "languageId": "mlir", "version": 1, "text": BROKEN}}},
            {"jsonrpc": "2.0", "id": 2, "method": "shutdown"},
            {"jsonrpc": "2.0", "method": "exit"}]))
        result = subprocess.run([SERVER], input=conversation.encode(), capture_output=True)
        replies = list(messages(result.stdout))
        self.assertIn("capabilities", next(reply for reply in replies if reply.get("id") == 1)["result"])
        published = [reply["params"] for reply in replies
                     if reply.get("method") == "textDocument/publishDiagnostics"]
        self.assertTrue(published, result.stderr)
        lines = [diagnostic["range"]["start"]["line"] for diagnostic in published[0]["diagnostics"]]
        self.assertIn(2, lines)


if __name__ == "__main__":
    unittest.main()
