"""How this room's events read in a timeline. Sessions are nobody's business but the agent's: they leave no event."""

from backstory.live.phrases import register

register(
    {
        "practice.assigned": "{actor} assigned “{title}” for practice to {people}.",
        "practice.withdrawn": "{actor} withdrew the practice “{title}”.",
        "practice_scenario.saved": "{actor} saved the practice scenario “{title}”.",
        "practice_scenario.retired": "{actor} retired the practice scenario “{title}”.",
    }
)
