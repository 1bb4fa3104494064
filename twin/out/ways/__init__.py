"""How messages travel: MQTT, signed webhooks, a folder, lines to signal controllers."""
