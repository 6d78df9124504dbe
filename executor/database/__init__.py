"""Connections, the only room that sends SQL; and a server of our own."""
