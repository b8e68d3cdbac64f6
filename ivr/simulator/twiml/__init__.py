"""TwiML as text, as a tree, and as Twilio's grammar judges it."""
